import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.sealed import Keyring
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.models.store import Store
from reviews_app.services.hold_destination import needs_attention, pause
from reviews_app.services.save_kustomer import KeyMissing, KustomerDetails, save_kustomer
from tests.conftest import ENCRYPTION_KEY
from tests.factories.destination import API_KEY, HOOK, make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock

KEYRING = Keyring((ENCRYPTION_KEY,))


def save(
    session: Session, store: Store, clock: FakeClock, *, is_on: bool = True, key: str = "", url: str = HOOK
) -> Destination:
    return save_kustomer(session, store, KustomerDetails(is_on, key, url), keyring=KEYRING, clock=clock)


def test_the_key_is_sealed_and_only_its_end_is_known(session: Session, clock: FakeClock) -> None:
    row = save(session, make_store(session), clock, key=API_KEY)
    assert row.api_key is not None
    assert row.api_key.last_four == API_KEY[-4:]
    assert API_KEY not in str(row.api_key)
    assert KEYRING.open(row.api_key) == API_KEY
    assert (row.mode, row.saved_at) == (Mode.ACTIVE, clock())


def test_a_store_has_one_integration_however_often_it_is_saved(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    for _ in range(3):
        save(session, store, clock, key=API_KEY)
    assert len(session.scalars(select(Destination)).all()) == 1


def test_it_is_not_on_without_a_key(session: Session, clock: FakeClock) -> None:
    with pytest.raises(KeyMissing):
        save(session, make_store(session), clock)


def test_saving_what_stands_is_no_new_key(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    saved = save(session, store, clock, key=API_KEY).saved_at
    clock.advance(hours=1)
    assert save(session, store, clock).saved_at == saved
    assert save(session, store, clock, url=HOOK + "a").saved_at == clock()


def test_what_waits_is_held_while_it_is_off_and_goes_on_after(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    save(session, store, clock, key=API_KEY)
    leave_review(session, store, make_product(session, store), clock=clock)
    save(session, store, clock, is_on=False)
    assert session.scalars(select(Delivery.state)).all() == [DeliveryState.HELD]
    save(session, store, clock)
    assert session.scalars(select(Delivery.state)).all() == [DeliveryState.WAITING]


def test_a_pause_outlives_a_new_key(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    pause(session, save(session, store, clock, key=API_KEY))
    assert save(session, store, clock, key="another").mode is Mode.PAUSED


def test_a_new_key_heals_and_an_old_one_does_not(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    row = make_destination(session, store)
    needs_attention(session, row, AttentionReason.KEY, detail="Expired", now=clock())
    assert save(session, store, clock).mode is Mode.NEEDS_ATTENTION
    assert save(session, store, clock, key="another").mode is Mode.ACTIVE


def test_two_stores_have_two_keys(session: Session, clock: FakeClock) -> None:
    first, second = make_store(session), make_store(session, "juniper")
    save(session, first, clock, key=API_KEY)
    other = save(session, second, clock, key="another")
    assert other.store_id == second.id
    assert other.api_key is not None
    assert KEYRING.open(other.api_key) == "another"
