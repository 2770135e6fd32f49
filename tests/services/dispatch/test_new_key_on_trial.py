import pytest
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.integrations.kustomer.classify import Outcome, Result
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Mode
from reviews_app.models.store import Store
from reviews_app.services.dispatch.claim_deliveries import claim_deliveries
from reviews_app.services.dispatch.record_posts import record_posts
from reviews_app.services.hold_destination import pause, send_canary
from reviews_app.services.save_kustomer import KustomerDetails, save_kustomer
from reviews_app.services.tools import Tools
from tests.factories.destination import API_KEY
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, Told
from tests.services.dispatch.looking import Leave, Send, destination, states

NEW_KEY = "another.key-of-kustomer.wxyz"


@pytest.fixture
def held(leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock) -> Receiver:
    """Three reviews held since Kustomer refused the key."""
    leave(3)
    kustomer.always = Told(401)
    send_all()
    clock.advance(minutes=3)
    send_all()
    assert (destination().mode, set(states())) == (Mode.NEEDS_ATTENTION, {DeliveryState.HELD})
    kustomer.requests.clear()
    return kustomer


def save(tools: Tools, *, key: str = NEW_KEY, url: str = "", is_on: bool = True) -> None:
    with transaction() as session:
        store = session.scalars(select(Store)).one()
        details = KustomerDetails(is_on=is_on, api_key=key, api_url=url or destination().url_in_use)
        save_kustomer(session, store, details, keyring=tools.keyring, clock=tools.clock)


def kept_key(tools: Tools) -> str:
    kept = destination().api_key
    assert kept is not None
    return tools.keyring.open(kept)


def keys_used(kustomer: Receiver) -> list[str]:
    return [one.headers["authorization"].removeprefix("Bearer ") for one in kustomer.requests]


def test_a_new_key_goes_with_one_review_and_stays_when_it_arrives(held: Receiver, send_all: Send, tools: Tools) -> None:
    save(tools)
    assert (destination().is_on_trial, kept_key(tools)) == (True, API_KEY)
    held.always = Told(200)
    send_all()
    assert keys_used(held)[0] == NEW_KEY
    assert (destination().mode, destination().is_on_trial, kept_key(tools)) == (Mode.ACTIVE, False, NEW_KEY)
    send_all()
    assert set(states()) == {DeliveryState.DELIVERED}
    assert set(keys_used(held)) == {NEW_KEY}


def test_a_new_key_that_is_refused_leaves_the_one_before_and_says_so(
    held: Receiver, send_all: Send, tools: Tools
) -> None:
    save(tools)
    send_all()
    assert keys_used(held) == [NEW_KEY]
    assert (destination().is_on_trial, kept_key(tools)) == (False, API_KEY)
    assert "was tried with one review and refused" in destination().reason_detail
    assert set(states()) == {DeliveryState.HELD}
    held.always = Told(200)
    with transaction() as session:
        send_canary(session, session.merge(destination()), now=tools.clock())
    send_all()
    assert keys_used(held)[1] == API_KEY


def test_a_new_address_is_on_trial_as_well(held: Receiver, send_all: Send, tools: Tools) -> None:
    before, new = destination().api_url, f"{held.url}a"
    save(tools, key="", url=new)
    assert (destination().api_url, destination().url_in_use) == (before, new)
    held.always = Told(404)
    send_all()
    assert held.requests[0].path.endswith("a")
    assert (destination().api_url, destination().url_in_use) == (before, before)


@pytest.mark.parametrize("told", [Told(503), Told(429)])
def test_a_kustomer_that_is_down_says_nothing_about_the_new_key(
    held: Receiver, send_all: Send, tools: Tools, told: Told, clock: FakeClock
) -> None:
    save(tools)
    held.always = told
    send_all()
    assert destination().is_on_trial
    held.always = Told(200)
    with transaction() as session:
        send_canary(session, session.merge(destination()), now=clock.advance(hours=1))
    send_all()
    assert kept_key(tools) == NEW_KEY


def test_a_try_with_the_old_key_decides_nothing_about_the_new_one(held: Receiver, tools: Tools) -> None:
    """The hourly canary was on its way when the new key was saved."""
    with transaction() as session:
        send_canary(session, session.merge(destination()), now=tools.clock())
        canary = session.scalars(select(Delivery.id).where(Delivery.state == DeliveryState.WAITING)).one()
    claim = claim_deliveries(canary, most=1, per_second=1000, tools=tools)
    save(tools)
    record_posts([(claim.rows[0], Result(Outcome.KEY, "Refused."))], tools=tools)
    assert (claim.rows[0].key, destination().is_on_trial) == (API_KEY, True)


def test_saved_again_the_newest_is_on_trial_and_the_oldest_kept(held: Receiver, tools: Tools) -> None:
    save(tools)
    save(tools, key="third.key.of-kustomer")
    on_trial = destination().next_key
    assert on_trial is not None
    assert tools.keyring.open(on_trial) == "third.key.of-kustomer"
    assert kept_key(tools) == API_KEY


def test_switched_off_and_on_the_key_saved_last_is_the_one(held: Receiver, send_all: Send, tools: Tools) -> None:
    save(tools)
    save(tools, key="", is_on=False)
    assert (destination().is_on_trial, kept_key(tools)) == (False, NEW_KEY)
    held.always = Told(200)
    save(tools, key="")
    send_all()
    assert set(keys_used(held)) == {NEW_KEY}


def test_a_pause_outlives_a_trial(held: Receiver, send_all: Send, tools: Tools) -> None:
    save(tools)
    with transaction() as session:
        pause(session, session.merge(destination()))
    send_all()
    assert held.requests == []
    assert destination().mode is Mode.PAUSED
