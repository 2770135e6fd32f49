import threading

import pytest
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.lib.clock import utc_now
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.services.save_kustomer import KustomerDetails, save_kustomer
from reviews_app.services.tools import make_tools
from tests.factories.member import make_member, signed_in
from tests.fakes.house import House
from tests.fakes.program import eventually, running
from tests.fakes.receiver import Told
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
PAGE = "/merchant/larkspur/settings/integrations/kustomer"
NEW_KEY = "eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiJuZXcifQ.another-signature"


def mode(house: House) -> Mode:
    with house.app.app_context(), transaction() as reading:
        return reading.scalars(select(Destination.mode)).one()


def notices(house: House) -> int:
    with house.app.app_context():
        kept = session().scalars(select(OutgoingMail).where(OutgoingMail.kind == MailKind.DELIVERY_NOTICE)).all()
        return len(kept)


def save_new_key(house: House) -> str:
    """As the merchant does; gives the event of the oldest held review, which must go first."""
    with house.app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        details = KustomerDetails(is_on=True, api_key=NEW_KEY, api_url=house.kustomer.url)
        save_kustomer(writing, store, details, keyring=make_tools(house.settings).keyring, clock=utc_now)
        oldest = select(Delivery.id).order_by(Delivery.created_at, Delivery.id).limit(1)
        return str(writing.scalars(oldest).one())


def test_a_refused_key_holds_two_hundred_after_four_requests_and_a_new_one_brings_them_all(
    house: House, tell: Tell
) -> None:
    house.kustomer.always = Told(401, body=b'{"errors":[{"title":"Expired token"}]}')
    with house.app.app_context(), transaction() as writing:
        make_member(writing, writing.scalars(select(Store)).one())
    house.leave(200)
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.states() == {DeliveryState.HELD: 200}, within=60)
        refused = len(house.kustomer.requests)
        assert mode(house) is Mode.NEEDS_ATTENTION
        # Five minutes at the house's unit of 0.05 s are fifteen seconds; processes may take their time to start.
        eventually(lambda: notices(house) == 1, within=30)
        assert "Expired token" in signed_in(house.app).get(PAGE).text
        canary, answered = threading.Event(), len(house.kustomer.requests)
        house.kustomer.always, house.kustomer.told = None, [Told(hold=canary)]
        oldest = save_new_key(house)
        eventually(lambda: len(house.kustomer.requests) == answered + 1, within=30)
        assert house.kustomer.requests[-1].event["eventId"] == oldest
        assert house.kustomer.requests[-1].headers["authorization"] == f"Bearer {NEW_KEY}"
        assert house.states()[DeliveryState.HELD] == 199
        canary.set()
        eventually(lambda: house.all_delivered(200), within=90)
    tell("401 on all, 200 waiting", requests=refused, notices=notices(house), twice=house.twice())
    assert refused <= 4


def test_while_kustomer_is_down_it_is_spared_and_afterwards_all_arrive(house: House, tell: Tell) -> None:
    house.kustomer.always = Told(503)
    house.leave(60)
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: mode(house) is Mode.THROTTLED, within=60)
        before = len(house.kustomer.requests)
        house.kustomer.always = None
        # Ten minutes at the house's unit of 0.05 s are half a minute.
        eventually(lambda: house.all_delivered(60), within=90)
    tell("503 on all, 60 waiting", requests=before, twice=house.twice())
    assert before <= 10
