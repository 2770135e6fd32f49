from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import take_rings
from reviews_app.db.database import engine, transaction
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.store import Store
from reviews_app.services.sweep_deliveries import RING_AGAIN, send_canaries, sweep_deliveries
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def store(session: Session, clock: FakeClock) -> Store:
    """A store with one delivery waiting and its ring lost."""
    made = make_store(session)
    make_destination(session, made)
    leave_review(session, made, make_product(session, made), clock=clock)
    session.flush()
    take_rings(session)
    return made


def test_a_lost_ring_is_rung_again_after_half_a_minute_and_not_before(
    session: Session, store: Store, clock: FakeClock
) -> None:
    assert sweep_deliveries(session, now=clock.advance(seconds=29)) == 0
    assert sweep_deliveries(session, now=clock.advance(seconds=2)) == 1
    assert sweep_deliveries(session, now=clock.advance(seconds=15)) == 0
    assert sweep_deliveries(session, now=clock.advance(seconds=16)) == 1


def test_a_retry_is_rung_for_as_soon_as_it_is_due(session: Session, store: Store, clock: FakeClock) -> None:
    session.scalars(select(Delivery)).one().next_at = clock() + timedelta(seconds=5)
    session.flush()
    assert sweep_deliveries(session, now=clock.advance(seconds=4)) == 0
    assert sweep_deliveries(session, now=clock.advance(seconds=1)) == 1


@pytest.mark.parametrize("state", [state for state in DeliveryState if state is not DeliveryState.WAITING])
def test_only_what_waits_is_rung_for(session: Session, store: Store, clock: FakeClock, state: DeliveryState) -> None:
    session.scalars(select(Delivery)).one().state = state
    session.flush()
    assert sweep_deliveries(session, now=clock.advance(hours=1)) == 0


def test_each_destination_gets_a_few_rings_however_much_it_has(
    session: Session, store: Store, clock: FakeClock
) -> None:
    product = make_product(session, store, "other")
    for _ in range(20):
        leave_review(session, store, product, clock=clock)
    small = make_store(session, "juniper")
    make_destination(session, small)
    leave_review(session, small, make_product(session, small), clock=clock)
    session.flush()
    assert sweep_deliveries(session, now=clock() + RING_AGAIN) == 3


def test_a_canary_goes_out_only_where_a_person_is_needed(session: Session, store: Store, clock: FakeClock) -> None:
    destination = session.scalars(select(Destination)).one()
    session.scalars(select(Delivery)).one().state = DeliveryState.HELD
    for mode, sent in ((Mode.PAUSED, 0), (Mode.OFF, 0), (Mode.NEEDS_ATTENTION, 1), (Mode.NEEDS_ATTENTION, 1)):
        destination.mode = mode
        session.flush()
        assert send_canaries(session, now=clock()) == sent


def test_a_row_in_somebodys_hands_does_not_stop_the_sweep(app: Flask, clock: FakeClock) -> None:
    with app.app_context():
        with transaction() as session:
            made = make_store(session)
            make_destination(session, made)
            for handle in ("one", "two"):
                leave_review(session, made, make_product(session, made, handle), clock=clock)
        if engine().dialect.name == "sqlite":
            return
        with engine().connect() as other, other.begin():
            other.execute(select(Delivery.id).limit(1).with_for_update())
            with transaction() as session:
                assert sweep_deliveries(session, now=clock() + RING_AGAIN) == 1
