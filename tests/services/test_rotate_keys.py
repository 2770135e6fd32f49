import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.sealed import Keyring, SealBroken
from reviews_app.models.destination import Destination
from reviews_app.services.rotate_keys import rotate_keys
from tests.conftest import ENCRYPTION_KEY
from tests.factories.destination import API_KEY, make_destination
from tests.factories.store import make_store

NEW_KEY = Fernet.generate_key().decode()


def test_after_a_rotation_the_old_key_may_go(session: Session) -> None:
    make_destination(session, make_store(session))
    assert rotate_keys(session, keyring=Keyring((NEW_KEY, ENCRYPTION_KEY))) == 1
    session.flush()
    session.expire_all()
    sealed = session.scalars(select(Destination.api_key)).one()
    assert sealed is not None
    assert Keyring((NEW_KEY,)).open(sealed) == API_KEY
    assert sealed.last_four == API_KEY[-4:]
    assert rotate_keys(session, keyring=Keyring((NEW_KEY,))) == 0


def test_a_secret_no_key_opens_stops_the_rotation(session: Session) -> None:
    make_destination(session, make_store(session))
    with pytest.raises(SealBroken):
        rotate_keys(session, keyring=Keyring((NEW_KEY,)))


def test_a_key_on_trial_is_sealed_anew_too(session: Session) -> None:
    destination = make_destination(session, make_store(session))
    old = Keyring((ENCRYPTION_KEY,))
    destination.try_out(old.seal("a.new.key"), "https://x.kustomerapp.com/v1/hooks/web/a")
    assert rotate_keys(session, keyring=Keyring((NEW_KEY, ENCRYPTION_KEY))) == 2
    assert destination.next_key is not None
    assert Keyring((NEW_KEY,)).open(destination.next_key) == "a.new.key"
