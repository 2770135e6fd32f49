import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import take_rings
from reviews_app.models.delivery import DEADLINE, Delivery, DeliveryKind, DeliveryState, Trigger
from reviews_app.models.destination import HOLDING, Mode
from reviews_app.services.hold_destination import activate
from reviews_app.services.replay_delivery import DeliveryBusy, SendingHeld, replay_delivery
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def row(session: Session, clock: FakeClock) -> Delivery:
    store = make_store(session)
    make_destination(session, store)
    leave_review(session, store, make_product(session, store), clock=clock)
    session.flush()
    take_rings(session)
    return session.scalars(select(Delivery)).one()


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.DELIVERED, DeliveryState.HELD])
def test_it_is_due_at_once_with_a_fresh_week(
    session: Session, row: Delivery, clock: FakeClock, state: DeliveryState
) -> None:
    row.state, row.scheduled_tries = state, 9
    session.flush()
    clock.advance(days=8)
    replay_delivery(session, row, clock=clock)
    assert (row.state, row.trigger, row.scheduled_tries) == (DeliveryState.WAITING, Trigger.MANUAL, 0)
    assert (row.next_at, row.deadline_at) == (clock(), clock() + DEADLINE)
    assert [ring.row_id for ring in take_rings(session)] == [row.id]


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.CANCELLED])
def test_what_is_being_sent_or_was_cancelled_is_left_alone(
    session: Session, row: Delivery, clock: FakeClock, state: DeliveryState
) -> None:
    row.state = state
    session.flush()
    with pytest.raises(DeliveryBusy):
        replay_delivery(session, row, clock=clock)
    assert (row.state, take_rings(session)) == (state, [])


@pytest.mark.parametrize("mode", sorted(HOLDING))
def test_while_nothing_goes_it_is_held_with_the_others_and_goes_with_them(
    session: Session, row: Delivery, clock: FakeClock, mode: Mode
) -> None:
    row.state, row.destination.mode = DeliveryState.FAILED, mode
    session.flush()
    clock.advance(days=8)
    assert replay_delivery(session, row, clock=clock) is DeliveryState.HELD
    assert (row.state, row.scheduled_tries, take_rings(session)) == (DeliveryState.HELD, 0, [])
    activate(session, row.destination, now=clock())
    assert (row.state, [ring.row_id for ring in take_rings(session)]) == (DeliveryState.WAITING, [row.id])


def test_while_nothing_goes_one_that_arrived_is_not_promised_another_try(
    session: Session, row: Delivery, clock: FakeClock
) -> None:
    row.state, row.delivered_at, row.destination.mode = DeliveryState.DELIVERED, clock(), Mode.PAUSED
    session.flush()
    with pytest.raises(SendingHeld):
        replay_delivery(session, row, clock=clock)
    assert (row.state, take_rings(session)) == (DeliveryState.DELIVERED, [])


def test_a_test_goes_again_also_while_reviews_are_held(session: Session, row: Delivery, clock: FakeClock) -> None:
    row.kind, row.state, row.delivered_at, row.destination.mode = (
        DeliveryKind.TEST,
        DeliveryState.DELIVERED,
        clock(),
        Mode.PAUSED,
    )
    session.flush()
    assert replay_delivery(session, row, clock=clock) is DeliveryState.WAITING
    assert [ring.row_id for ring in take_rings(session)] == [row.id]
