from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import Ring
from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.integrations.kustomer.classify import Outcome, Result
from reviews_app.lib.outgoing_http import Answer, OutgoingHttp
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.review import Review
from reviews_app.services.dispatch.claim_deliveries import claim_deliveries
from reviews_app.services.dispatch.record_posts import record_posts
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.dispatch.settle_posts import posts_folder, settle_posts
from reviews_app.services.sweep_deliveries import RING_AGAIN, sweep_deliveries
from reviews_app.services.tools import Tools
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.program import eventually
from tests.fakes.receiver import Receiver, Told
from tests.fakes.visitor import Page
from tests.services.dispatch.looking import Leave, Send, attempts, states

FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"
TYPED = {"rating": "4", "body": "It carries well.", "name": "Ann Lee", "email": "ann@example.com"}


class DyingBell:
    """The process dies the moment it is about to ring."""

    def ring(self, rings: list[Ring]) -> int:
        raise KeyboardInterrupt


class ListeningBell:
    def __init__(self) -> None:
        self.rung: list[UUID] = []

    def ring(self, rings: list[Ring]) -> int:
        self.rung.extend(one.row_id for one in rings)
        return len(rings)


class HttpThatDies(OutgoingHttp):
    """The request goes out and is answered, and then the sender is no more."""

    def post(self, url: str, body: bytes, *, headers: dict[str, str]) -> Answer:
        super().post(url, body, headers=headers)
        raise KeyboardInterrupt


class CountingHttp(OutgoingHttp):
    """Counts what was answered."""

    answered = 0

    def post(self, url: str, body: bytes, *, headers: dict[str, str]) -> Answer:
        answer = super().post(url, body, headers=headers)
        self.answered += 1
        return answer


@pytest.fixture
def submit(app: Flask, in_context: None, kustomer: Receiver) -> Callable[[], int]:
    """Somebody sends the form of the Write A Review button; gives the status."""
    with transaction() as session:
        store = make_store(session)
        make_product(session, store)
        make_destination(session, store, api_url=kustomer.url)
    browser = app.test_client()
    values = Page(browser.get(FORM).text).values | TYPED
    return lambda: browser.post(FORM, data=values).status_code


def lease_ends(session: Session) -> None:
    """A minute passes by the database's clock."""
    for row in session.scalars(select(Delivery)):
        assert row.lease_until is not None
        row.lease_until -= timedelta(seconds=61)


@contextmanager
def dies_before_the_answer_is_written_down(kustomer: Receiver) -> Iterator[OutgoingHttp]:
    """The sender gets its answers, and is no more when it wants to keep them."""
    http = CountingHttp(extra_origins=(kustomer.origin,))

    def die(_session: object) -> None:
        if http.answered:
            raise KeyboardInterrupt

    event.listen(Session, "before_commit", die)
    try:
        with pytest.raises(KeyboardInterrupt):
            yield http
    finally:
        event.remove(Session, "before_commit", die)
    reading().rollback()


def reviews() -> int:
    reading().rollback()
    return reading().scalar(select(func.count()).select_from(Review)) or 0


def test_an_error_before_the_commit_leaves_no_review_no_row_no_job_and_no_request(
    app: Flask, submit: Callable[[], int], send_all: Send, kustomer: Receiver
) -> None:
    bell = app.extensions["bell"] = ListeningBell()
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(_session: object) -> None:
        raise ZeroDivisionError

    event.listen(Session, "before_commit", fail)
    try:
        assert submit() == 500
    finally:
        event.remove(Session, "before_commit", fail)
    assert (reviews(), states(), bell.rung) == (0, [], [])
    assert (send_all(), kustomer.requests) == (0, [])
    assert submit() == 303
    assert (reviews(), len(bell.rung)) == (1, 1)


def test_a_process_that_dies_between_commit_and_bell_loses_nothing(
    app: Flask, submit: Callable[[], int], send_all: Send, clock: FakeClock, kustomer: Receiver
) -> None:
    app.extensions["bell"] = DyingBell()
    with pytest.raises(KeyboardInterrupt):
        submit()
    assert (reviews(), states()) == (1, [DeliveryState.WAITING])
    bell = app.extensions["bell"] = ListeningBell()
    with transaction() as session:
        sweep_deliveries(session, now=clock() + RING_AGAIN)
    assert len(bell.rung) == 1
    assert (send_all(), len(kustomer.requests)) == (1, 1)


def test_a_worker_that_dies_before_its_request_has_sent_nothing_and_the_next_one_sends(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools
) -> None:
    [row] = leave(1)
    assert len(claim_deliveries(row.id, most=2, per_second=10_000, tools=tools).rows) == 1
    assert (send_all(), kustomer.requests) == (0, [])
    with transaction() as session:
        lease_ends(session)
        sweep_deliveries(session, now=clock())
    assert send_all() == 1
    assert attempts() == [(1, None, "unknown"), (2, 200, "delivered")]


def test_a_worker_that_dies_after_the_answer_sends_the_same_bytes_once_more(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools
) -> None:
    [row] = leave(1)
    send_to_kustomer(row.id, tools=tools, http=HttpThatDies(extra_origins=(kustomer.origin,)))
    assert (len(kustomer.requests), states()) == (1, [DeliveryState.SENDING])
    with transaction() as session:
        lease_ends(session)
        sweep_deliveries(session, now=clock())
    assert send_all() == 1
    assert kustomer.requests[0].body == kustomer.requests[1].body
    assert attempts() == [(1, None, "unknown"), (2, 200, "delivered")]


def test_while_a_lease_lasts_nobody_else_sends(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools
) -> None:
    [row] = leave(1)
    claim_deliveries(row.id, most=2, per_second=10_000, tools=tools)
    clock.advance(seconds=59)
    with transaction() as session:
        sweep_deliveries(session, now=clock())
    assert (send_all(), kustomer.requests) == (0, [])


def test_an_answer_that_comes_after_the_lease_went_to_another_changes_nothing(leave: Leave, tools: Tools) -> None:
    [row] = leave(1)
    claimed = claim_deliveries(row.id, most=2, per_second=10_000, tools=tools).rows[0]
    with transaction() as session:
        session.get_one(Delivery, row.id).lease_token = tools.make_id()
    record_posts([(claimed, Result(Outcome.DELIVERED, "", 200))], tools=tools)
    assert states() == [DeliveryState.SENDING]


def test_a_worker_that_dies_while_it_claims_leaves_few_answers_unknown(
    tools: Tools, in_context: None, kustomer: Receiver, clock: FakeClock
) -> None:
    http = CountingHttp(extra_origins=(kustomer.origin,))
    with transaction() as session:
        for place in range(16):
            store = make_store(session, f"store{place}")
            make_destination(session, store, api_url=f"{kustomer.url}/{place}")
            named = leave_review(session, store, make_product(session, store), clock=clock).id
        first = session.scalars(select(Delivery.id).where(Delivery.review_id == named)).one()
    claims = count()

    def make_id() -> UUID:
        """Asked for at each claim: everything out is answered by then, and at the thirteenth the worker is no more."""
        claim = next(claims)
        eventually(lambda: http.answered == claim)
        if claim == 12:
            raise KeyboardInterrupt
        return uuid4()

    with pytest.raises(KeyboardInterrupt):
        send_to_kustomer(first, tools=replace(tools, make_id=make_id), http=http)
    assert len(kustomer.requests) == 12
    # Two are written down together; an answer may come the moment after they were counted.
    assert states().count(DeliveryState.SENDING) in {1, 2, 3}
    with transaction() as session:
        assert settle_posts(session, tools=tools) >= 1
    assert states().count(DeliveryState.DELIVERED) == 12


@pytest.mark.parametrize(("status", "requests"), [(202, 1), (500, 2)])
def test_what_kustomer_took_from_a_killed_worker_is_not_sent_again(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools, status: int, requests: int
) -> None:
    [row] = leave(1)
    kustomer.told = [Told(status)]
    with dies_before_the_answer_is_written_down(kustomer) as http:
        send_to_kustomer(row.id, tools=tools, http=http)
    assert (len(kustomer.requests), states()) == (1, [DeliveryState.SENDING])
    with transaction() as session:
        lease_ends(session)
        settle_posts(session, tools=tools)
        sweep_deliveries(session, now=clock())
    send_all()
    assert (len(kustomer.requests), states()) == (requests, [DeliveryState.DELIVERED])


def test_the_next_job_settles_first_and_the_page_says_how_it_is_known(
    leave: Leave, send_all: Send, kustomer: Receiver, tools: Tools
) -> None:
    first, second = leave(2)
    with dies_before_the_answer_is_written_down(kustomer) as http:
        send_to_kustomer(first.id, tools=tools, http=http, per_second=10_000)
    assert states() == [DeliveryState.SENDING, DeliveryState.SENDING]
    sent = len(kustomer.requests)
    leave(1)
    assert send_all() == 1
    assert len(kustomer.requests) == sent + 1
    assert states() == [DeliveryState.DELIVERED] * 3
    cause = reading().scalars(select(Attempt.cause).where(Attempt.delivery_id == second.id)).one()
    assert cause == "Kustomer has it. The sender was stopped right after the answer."
    assert not list(posts_folder(tools).iterdir())


def test_a_try_that_went_to_another_meanwhile_is_not_settled(leave: Leave, kustomer: Receiver, tools: Tools) -> None:
    [row] = leave(1)
    with dies_before_the_answer_is_written_down(kustomer) as http:
        send_to_kustomer(row.id, tools=tools, http=http)
    with transaction() as session:
        session.get_one(Delivery, row.id).lease_token = tools.make_id()
        assert settle_posts(session, tools=tools) == 0
    assert states() == [DeliveryState.SENDING]
