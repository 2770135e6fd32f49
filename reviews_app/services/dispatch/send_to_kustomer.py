"""Sends due reviews to the stores' Kustomer: claim, call, record, with no transaction open during the call."""

import time
from dataclasses import replace
from functools import partial
from uuid import UUID

from sqlalchemy import select

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.database import session, transaction
from reviews_app.db.job_names import JobName
from reviews_app.integrations.kustomer.classify import Outcome, Result, result_of_answer, result_of_failure
from reviews_app.lib.hide_secret import hide_secret
from reviews_app.lib.journal import Journal, journal
from reviews_app.lib.outgoing_http import CallFailed, OutgoingHttp
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.services.dispatch import free_slots
from reviews_app.services.dispatch.claim_deliveries import Claimed, claim_deliveries
from reviews_app.services.dispatch.posts import Posts
from reviews_app.services.dispatch.record_posts import Done, record_posts
from reviews_app.services.dispatch.settle_posts import name_of, posts_folder, settle_posts
from reviews_app.services.dispatch.turns import Turns
from reviews_app.services.tools import Tools

GOES_ON_SECONDS = 10.0
# While requests are out the worker hears no bell: so often it looks for what became due meanwhile.
LOOKS_AGAIN_SECONDS = 0.25
# Whoever dies together with its machine leaves unknown what was not written down, and all of it is sent again.
LEFT_UNKNOWN = 2


def send_to_kustomer(
    delivery_id: UUID, *, tools: Tools, http: OutgoingHttp, per_second: float = free_slots.PER_SECOND
) -> int:
    """Send the delivery if it is due, then go on with whatever is due, destination by destination, for ten seconds.

    Gives how many arrived. Safe to run twice or at once: a row is sent by whoever claimed it. A job whose
    delivery was sent by another goes on with what is due: while it looked away, newer reviews would wait.
    When the ten seconds are over and more is due, the bell is rung again.
    """
    return _Job(tools=tools, http=http, per_second=per_second).send(delivery_id)


class _Job:
    """One job: claims and results in this thread, requests in others."""

    def __init__(self, *, tools: Tools, http: OutgoingHttp, per_second: float) -> None:
        self._tools = tools
        self._http = http
        self._per_second = per_second
        self._stop_at = time.monotonic() + GOES_ON_SECONDS
        self._turns = Turns(tools.clock)
        self._arrived = 0

    def send(self, delivery_id: UUID) -> int:
        with transaction() as writing:
            settle_posts(writing, tools=self._tools)
        with journal(posts_folder(self._tools)) as noted, Posts(partial(self._post, noted)) as posts:
            self._send(delivery_id, posts)
        self._ring_for_the_rest()
        return self._arrived

    def _send(self, delivery_id: UUID, posts: Posts) -> None:
        named = delivery_id if is_waiting(delivery_id) else self._turns.waiting()
        while named is not None or posts.are_out:
            while named is not None:
                self._claim(named, posts)
                if posts.ended >= LEFT_UNKNOWN:
                    self._write_down(posts.come_back(0.0))
                named = self._next(posts)
            self._write_down(posts.come_back(min(self._turns.seconds_to_pace(), LOOKS_AGAIN_SECONDS)))
            named = self._next(posts) if posts.are_out else self._after_rest(posts)

    def _claim(self, named: UUID, posts: Posts) -> None:
        claim = claim_deliveries(named, most=posts.room, per_second=self._per_second, tools=self._tools)
        posts.send(claim.rows)
        self._turns.rest(claim.destination_id, claim.come_back)

    def _write_down(self, done: Done) -> None:
        self._arrived += record_posts(done, tools=self._tools)
        self._turns.have_room({claimed.destination_id for claimed, _ in done})

    def _next(self, posts: Posts) -> UUID | None:
        """The next due delivery, while there is time and a thread for it."""
        return self._turns.waiting() if time.monotonic() < self._stop_at and posts.room else None

    def _after_rest(self, posts: Posts) -> UUID | None:
        """The same when nothing is out: those that keep their pace are waited for."""
        named = self._next(posts)
        while named is None and time.monotonic() < self._stop_at:
            seconds = self._turns.seconds_to_next()
            if seconds is None:
                return None
            time.sleep(min(seconds, max(self._stop_at - time.monotonic(), 0.0)))
            named = self._next(posts)
        return named

    def _ring_for_the_rest(self) -> None:
        left = self._turns.anything() if time.monotonic() >= self._stop_at else None
        if left is not None:
            with transaction() as ringing:
                ring_after_commit(ringing, JobName.SEND_REVIEW_TO_KUSTOMER, left)

    def _post(self, noted: Journal, claimed: Claimed) -> Result:
        headers = {"Authorization": f"Bearer {claimed.key}", "Content-Type": "application/json"}
        try:
            answer = self._http.post(claimed.url, claimed.body, headers=headers)
        except CallFailed as failure:
            return result_of_failure(failure)
        # Some servers repeat the header they refuse: what they say is kept and shown, the key never.
        told = replace(answer, head=hide_secret(answer.head, claimed.key))
        result = result_of_answer(told, now=self._tools.clock())
        # A try on trial also decides about its key, which is more than a journal tells: it is made again.
        if result.outcome is Outcome.DELIVERED and not claimed.is_trial:
            noted.taken(name_of(claimed))
        return result


def is_waiting(delivery_id: UUID) -> bool:
    """Whether nobody has taken it yet; asked before anything is locked."""
    reading = session()
    reading.rollback()
    return reading.scalar(select(Delivery.state).where(Delivery.id == delivery_id)) is DeliveryState.WAITING
