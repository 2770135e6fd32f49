import pytest
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.lib.clock import utc_now
from reviews_app.models.delivery import DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.services.hold_destination import heal_destination
from tests.fakes.house import House
from tests.fakes.program import eventually, running
from tests.fakes.receiver import Told

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


def mode(house: House) -> Mode:
    with house.app.app_context(), transaction() as session:
        return session.scalars(select(Destination.mode)).one()


def test_a_refused_key_holds_two_hundred_after_four_requests_and_a_new_one_brings_them_all(house: House) -> None:
    house.kustomer.always = Told(401)
    house.leave(200)
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.states() == {DeliveryState.HELD: 200}, within=30)
        assert len(house.kustomer.requests) <= 4
        assert mode(house) is Mode.NEEDS_ATTENTION
        house.kustomer.always = None
        with house.app.app_context(), transaction() as session:
            heal_destination(session, session.scalars(select(Destination)).one(), now=utc_now())
        eventually(lambda: house.all_delivered(200), within=60)


def test_while_kustomer_is_down_it_is_spared_and_afterwards_all_arrive(house: House) -> None:
    house.kustomer.always = Told(503)
    house.leave(60)
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: mode(house) is Mode.THROTTLED, within=30)
        before = len(house.kustomer.requests)
        assert before <= 10
        house.kustomer.always = None
        # Ten minutes at the house's unit of 0.05 s are half a minute.
        eventually(lambda: house.all_delivered(60), within=60)
