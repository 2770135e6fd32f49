import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import take_rings
from reviews_app.models.delivery import Delivery, DeliveryState, Trigger
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.services.hold_destination import (
    RINGS_AT_ONCE,
    activate,
    heal_destination,
    hold_all,
    needs_attention,
    pause,
    send_canary,
    switch_off,
)
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def destination(session: Session, clock: FakeClock) -> Destination:
    """A destination with four deliveries waiting."""
    store = make_store(session)
    made = make_destination(session, store)
    product = make_product(session, store)
    for _ in range(4):
        leave_review(session, store, product, clock=clock)
        clock.advance(minutes=1)
    session.flush()
    take_rings(session)
    return made


def states(session: Session) -> set[DeliveryState]:
    return set(session.scalars(select(Delivery.state)))


def fall_ill(session: Session, destination: Destination, clock: FakeClock) -> None:
    needs_attention(session, destination, AttentionReason.KEY, detail="The key was refused.", now=clock())


@pytest.mark.parametrize("mode", [Mode.PAUSED, Mode.OFF])
def test_stopping_holds_and_going_on_drains(
    session: Session, destination: Destination, clock: FakeClock, mode: Mode
) -> None:
    if mode is Mode.PAUSED:
        pause(session, destination)
    else:
        switch_off(session, destination, now=clock())
    assert states(session) == {DeliveryState.HELD}
    heal_destination(session, destination, now=clock())
    assert (destination.mode, states(session)) == (Mode.ACTIVE, {DeliveryState.WAITING})
    assert len(take_rings(session)) == RINGS_AT_ONCE < 4


def test_what_needs_a_person_says_why_and_asks_once_for_a_notice(
    session: Session, destination: Destination, clock: FakeClock
) -> None:
    fall_ill(session, destination, clock)
    destination.noticed_at = clock()
    fall_ill(session, destination, clock)
    assert (destination.mode, destination.reason_detail) == (Mode.NEEDS_ATTENTION, "The key was refused.")
    assert destination.noticed_at == clock()
    assert states(session) == {DeliveryState.HELD}


def test_a_new_key_sends_the_oldest_as_canary_and_nothing_else(
    session: Session, destination: Destination, clock: FakeClock
) -> None:
    fall_ill(session, destination, clock)
    heal_destination(session, destination, now=clock())
    oldest = session.scalars(select(Delivery).order_by(Delivery.created_at)).first()
    waiting = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.WAITING)).one()
    assert (waiting, waiting.trigger) == (oldest, Trigger.CANARY)
    assert destination.mode is Mode.NEEDS_ATTENTION
    assert [ring.row_id for ring in take_rings(session)] == [waiting.id]


def test_a_canary_that_still_waits_is_the_one_and_no_second_goes_beside_it(
    session: Session, destination: Destination, clock: FakeClock
) -> None:
    fall_ill(session, destination, clock)
    send_canary(session, destination, now=clock())
    [first] = take_rings(session)
    clock.advance(minutes=5)
    assert send_canary(session, destination, now=clock())
    [again] = take_rings(session)
    waiting = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.WAITING)).one()
    assert first.row_id == again.row_id == waiting.id
    assert again.is_urgent
    assert waiting.next_at == clock()


def test_with_nothing_held_a_new_key_is_taken_as_untried(session: Session, clock: FakeClock) -> None:
    destination = make_destination(session, make_store(session), mode=Mode.NEEDS_ATTENTION)
    assert not send_canary(session, destination, now=clock())
    heal_destination(session, destination, now=clock())
    assert (destination.mode, destination.last_class) == (Mode.ACTIVE, "")


def test_a_change_made_by_the_caller_survives_the_lock(
    session: Session, destination: Destination, clock: FakeClock
) -> None:
    destination.api_url = "http://127.0.0.1:8001/v1/hooks/web/other"
    heal_destination(session, destination, now=clock())
    assert destination.api_url.endswith("other")


def test_a_canary_on_its_way_is_not_held_by_what_else_comes_by_but_a_pause_holds_it_too(
    session: Session, destination: Destination, clock: FakeClock
) -> None:
    fall_ill(session, destination, clock)
    send_canary(session, destination, now=clock())
    hold_all(session, destination)
    assert states(session) == {DeliveryState.HELD, DeliveryState.WAITING}
    pause(session, destination)
    assert states(session) == {DeliveryState.HELD}


def test_once_active_nothing_is_called_a_canary(session: Session, destination: Destination, clock: FakeClock) -> None:
    fall_ill(session, destination, clock)
    send_canary(session, destination, now=clock())
    activate(session, destination, now=clock())
    assert set(session.scalars(select(Delivery.trigger))) == {Trigger.AUTO}
