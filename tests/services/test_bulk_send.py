from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reviews_app.models.bulk_send import BulkSend
from reviews_app.models.delivery import DEADLINE, Delivery, DeliveryState, Trigger
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.product import Product
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.store import Store
from reviews_app.services import continue_bulk_send as continuing
from reviews_app.services.continue_bulk_send import continue_bulk_send, ring_for_bulk_sends
from reviews_app.services.hold_destination import switch_off
from reviews_app.services.start_bulk_send import NothingToSend, NotReplayable, send_again, send_past
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def store(session: Session) -> Store:
    return make_store(session)


@pytest.fixture
def product(session: Session, store: Store) -> Product:
    return make_product(session, store)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(continuing, "STEP", 3)


def leave(session: Session, store: Store, product: Product, clock: FakeClock, count: int) -> list[Review]:
    left = []
    for _ in range(count):
        left.append(leave_review(session, store, product, clock=clock))
        clock.advance(seconds=1)
    session.flush()
    return left


def run(session: Session, bulk: BulkSend, clock: FakeClock) -> list[int]:
    """Every step until it is finished, as jobs would; the first was taken when it began."""
    steps = [bulk.planned]
    while bulk.finished_at is None:
        steps.append(continue_bulk_send(session, bulk.id, clock=clock))
        session.flush()
    return steps


def deliveries(session: Session) -> list[Delivery]:
    session.flush()
    return list(session.scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id)))


def test_past_reviews_go_in_steps_and_each_once(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    left = leave(session, store, product, clock, 8)
    bulk = send_past(session, make_destination(session, store), clock=clock)
    assert bulk.total == 8
    assert run(session, bulk, clock) == [3, 3, 2]
    assert {row.review_id for row in deliveries(session)} == {review.id for review in left}
    assert all(row.trigger is Trigger.BULK for row in deliveries(session))
    assert all(review.kustomer_due for review in left)


def test_a_limit_takes_the_newest(session: Session, store: Store, product: Product, clock: FakeClock) -> None:
    left = leave(session, store, product, clock, 6)
    bulk = send_past(session, make_destination(session, store), limit=4, clock=clock)
    run(session, bulk, clock)
    assert {row.review_id for row in deliveries(session)} == {review.id for review in left[2:]}


def test_rejected_reviews_stay_here(session: Session, store: Store, product: Product, clock: FakeClock) -> None:
    left = leave(session, store, product, clock, 2)
    left[0].state = ReviewState.REJECTED
    session.flush()
    bulk = send_past(session, make_destination(session, store), clock=clock)
    run(session, bulk, clock)
    assert [row.review_id for row in deliveries(session)] == [left[1].id]


def test_without_a_review_nothing_begins(session: Session, store: Store, product: Product, clock: FakeClock) -> None:
    destination = make_destination(session, store)
    leave(session, store, product, clock, 1)
    with pytest.raises(NothingToSend):
        send_past(session, destination, clock=clock)
    assert session.scalars(select(BulkSend)).all() == []


def test_a_review_left_after_it_was_asked_for_does_not_lengthen_it(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    leave(session, store, product, clock, 4)
    bulk = send_past(session, make_destination(session, store), clock=clock)
    leave(session, store, product, clock, 2)
    assert sum(run(session, bulk, clock)) == 4
    assert len(deliveries(session)) == 6


def test_reviews_gone_meanwhile_end_it_instead_of_holding_it_open(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    left = leave(session, store, product, clock, 4)
    bulk = send_past(session, make_destination(session, store), clock=clock)
    left[0].state = ReviewState.REJECTED
    session.flush()
    assert run(session, bulk, clock) == [3, 0]
    assert left[0].id not in {row.review_id for row in deliveries(session)}


def test_the_same_step_twice_plans_nothing_twice(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    leave(session, store, product, clock, 3)
    bulk = send_past(session, make_destination(session, store), clock=clock)
    assert continue_bulk_send(session, bulk.id, clock=clock) == 0
    assert len(deliveries(session)) == 3


def test_a_lost_bell_is_rung_again_until_it_is_finished(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    leave(session, store, product, clock, 4)
    bulk = send_past(session, make_destination(session, store), clock=clock)
    assert ring_for_bulk_sends(session) == 1
    run(session, bulk, clock)
    assert ring_for_bulk_sends(session) == 0


def stood(session: Session, state: DeliveryState) -> None:
    session.execute(update(Delivery).values(state=state))
    session.expire_all()


def test_all_that_failed_go_again_with_a_fresh_week_and_the_same_events(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    destination = make_destination(session, store)
    leave(session, store, product, clock, 5)
    stood(session, DeliveryState.FAILED)
    ids = [row.id for row in deliveries(session)]
    clock.advance(days=9)
    bulk = send_again(session, destination, state=DeliveryState.FAILED, clock=clock)
    assert run(session, bulk, clock) == [3, 2]
    rows = deliveries(session)
    assert [row.id for row in rows] == ids
    assert {(row.state, row.trigger) for row in rows} == {(DeliveryState.WAITING, Trigger.BULK)}
    assert all(row.deadline_at == clock() + DEADLINE for row in rows)


def test_one_that_fails_at_once_is_not_taken_twice(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    destination = make_destination(session, store)
    leave(session, store, product, clock, 5)
    stood(session, DeliveryState.FAILED)
    bulk = send_again(session, destination, state=DeliveryState.FAILED, clock=clock)
    stood(session, DeliveryState.FAILED)
    assert run(session, bulk, clock) == [3, 2]


def test_what_came_after_it_was_asked_for_is_left_alone(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    destination = make_destination(session, store)
    leave(session, store, product, clock, 4)
    stood(session, DeliveryState.FAILED)
    bulk = send_again(session, destination, state=DeliveryState.FAILED, clock=clock)
    bulk.total = 9
    clock.advance(minutes=1)
    later = leave(session, store, product, clock, 1)
    session.execute(update(Delivery).where(Delivery.review_id == later[0].id).values(state=DeliveryState.FAILED))
    assert sum(run(session, bulk, clock)) == 4


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.SENDING])
def test_what_goes_by_itself_cannot_be_sent_again(
    session: Session, store: Store, clock: FakeClock, state: DeliveryState
) -> None:
    with pytest.raises(NotReplayable):
        send_again(session, make_destination(session, store), state=state, clock=clock)


def test_another_store_s_reviews_are_never_touched(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    other = make_store(session, "juniper")
    make_destination(session, other)
    leave(session, other, make_product(session, other), clock, 2)
    leave(session, store, product, clock, 1)
    stood(session, DeliveryState.FAILED)
    bulk = send_past(session, make_destination(session, store), clock=clock)
    run(session, bulk, clock)
    assert bulk.total == 1
    again = {row.state for row in deliveries(session) if row.store_id == other.id}
    assert again == {DeliveryState.FAILED}


def test_since_counts_only_what_came_while_it_was_off(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    leave(session, store, product, clock, 2)
    destination = make_destination(session, store, mode=Mode.ACTIVE)
    clock.advance(minutes=5)
    switch_off(session, destination, now=clock())
    meanwhile = leave(session, store, product, clock, 3)
    assert destination.off_since == clock() - timedelta(seconds=3)
    destination.mode = Mode.ACTIVE
    session.flush()
    bulk = send_past(session, destination, since=destination.off_since, clock=clock)
    run(session, bulk, clock)
    assert {row.review_id for row in deliveries(session)} == {review.id for review in meanwhile}


def test_switching_off_twice_keeps_the_first_moment(session: Session, store: Store, clock: FakeClock) -> None:
    destination: Destination = make_destination(session, store)
    switch_off(session, destination, now=clock())
    first = clock()
    clock.advance(hours=1)
    switch_off(session, destination, now=clock())
    assert destination.off_since == first
