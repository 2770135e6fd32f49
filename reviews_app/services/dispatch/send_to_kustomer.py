"""Sends due reviews to the stores' Kustomer: claim, call, record, with no transaction open during the call."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.database import session, transaction
from reviews_app.db.job_names import JobName
from reviews_app.integrations.kustomer.classify import Result, result_of_answer, result_of_failure
from reviews_app.lib.outgoing_http import CallFailed, OutgoingHttp
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.destination import Destination
from reviews_app.services.dispatch import free_slots
from reviews_app.services.dispatch.claim_deliveries import Claimed, claim_deliveries
from reviews_app.services.dispatch.turns import Turns
from reviews_app.services.record_delivery import Recorder
from reviews_app.services.tools import Tools

GOES_ON_SECONDS = 10.0


def send_to_kustomer(
    delivery_id: UUID, *, tools: Tools, http: OutgoingHttp, per_second: float = free_slots.PER_SECOND
) -> int:
    """Send the delivery if it is due, then go on with whatever is due, destination by destination, for ten seconds.

    Gives how many arrived. Safe to run twice or at once: a row is sent by whoever claimed it. A job whose
    delivery was sent by another goes on with what is due: while it looked away, newer reviews would wait.
    When the ten seconds are over and more is due, the bell is rung again.
    """
    stop_at = time.monotonic() + GOES_ON_SECONDS
    arrived = 0
    turns = Turns(tools.clock)
    named = delivery_id if _is_waiting(delivery_id) else turns.waiting()
    with ThreadPoolExecutor(free_slots.SLOTS) as threads:
        while named is not None:
            claim = claim_deliveries(named, per_second=per_second, tools=tools)
            results = list(threads.map(lambda one: _post(one, tools=tools, http=http), claim.rows))
            arrived += _record(list(zip(claim.rows, results, strict=True)), tools=tools)
            turns.rest(claim.destination_id, claim.come_back)
            named = _next(turns, stop_at=stop_at)
    return arrived


def _is_waiting(delivery_id: UUID) -> bool:
    reading = session()
    reading.rollback()
    return reading.scalar(select(Delivery.state).where(Delivery.id == delivery_id)) is DeliveryState.WAITING


def _next(turns: Turns, *, stop_at: float) -> UUID | None:
    """The next due delivery; waits for the pace, and when the time is over leaves the rest to another job."""
    while time.monotonic() < stop_at:
        named = turns.waiting()
        if named is not None:
            return named
        seconds = turns.seconds_to_next()
        if seconds is None:
            return None
        time.sleep(min(seconds, max(stop_at - time.monotonic(), 0.0)))
    left = turns.anything()
    if left is not None:
        with transaction() as ringing:
            ring_after_commit(ringing, JobName.SEND_REVIEW_TO_KUSTOMER, left)
    return None


def _post(claimed: Claimed, *, tools: Tools, http: OutgoingHttp) -> Result:
    headers = {"Authorization": f"Bearer {claimed.key}", "Content-Type": "application/json"}
    try:
        answer = http.post(claimed.url, claimed.body, headers=headers)
    except CallFailed as failure:
        return result_of_failure(failure)
    return result_of_answer(answer, now=tools.clock())


def _record(done: list[tuple[Claimed, Result]], *, tools: Tools) -> int:
    """All finished ones in one transaction, each guarded by its lease."""
    if not done:
        return 0
    recorder = Recorder(unit=tools.settings.delivery_time_unit, spread=random.SystemRandom())
    with transaction() as writing:
        _lock_destination(writing, done[0][0].delivery_id)
        ids = [claimed.delivery_id for claimed, _ in done]
        rows = {row.id: row for row in writing.scalars(_locked(ids))}
        attempts = {(one.delivery_id, one.n): one for one in writing.scalars(_attempts(ids))}
        # A person may have been erased meanwhile, rows and all.
        known = [(claimed, result) for claimed, result in done if claimed.delivery_id in rows]
        for claimed, result in known:
            _finish(attempts.get((claimed.delivery_id, claimed.n)), result, now=tools.clock())
            if rows[claimed.delivery_id].lease_token == claimed.lease_token:
                recorder.record(writing, rows[claimed.delivery_id], result, now=tools.clock())
        return sum(rows[claimed.delivery_id].state is DeliveryState.DELIVERED for claimed, _ in known)


def _lock_destination(writing: Session, delivery_id: UUID) -> None:
    of_delivery = select(Delivery.destination_id).where(Delivery.id == delivery_id).scalar_subquery()
    writing.scalar(select(Destination).where(Destination.id == of_delivery).with_for_update())


def _locked(ids: list[UUID]) -> Select[Delivery]:
    found = select(Delivery).where(Delivery.id.in_(ids)).options(joinedload(Delivery.destination))
    return found.with_for_update(of=Delivery).order_by(Delivery.id)


def _attempts(ids: list[UUID]) -> Select[Attempt]:
    return select(Attempt).where(Attempt.delivery_id.in_(ids), Attempt.finished_at.is_(None))


def _finish(attempt: Attempt | None, result: Result, *, now: datetime) -> None:
    """Write down what the try came to; one taken back meanwhile stays "unknown outcome"."""
    if attempt is None:
        return
    attempt.finished_at = now
    attempt.status = result.status
    attempt.outcome = str(result.outcome)
    attempt.cause = result.cause
    attempt.answer_head = result.head.replace("\0", "")
