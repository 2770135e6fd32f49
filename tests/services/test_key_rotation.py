from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.lib.ids import new_id
from reviews_app.lib.sealed import Keyring, SealBroken, key_id
from reviews_app.mail.message import Content, Envelope, compose
from reviews_app.models.destination import Destination
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.services.dispatch.send_mail import send_mail
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.rotate_keys import rotate_keys
from reviews_app.services.save_kustomer import KustomerDetails, save_kustomer
from reviews_app.services.tools import Tools
from tests.conftest import ENCRYPTION_KEY
from tests.factories.destination import API_KEY, HOOK, make_destination
from tests.factories.rows import every_row
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.two_people import two_at_once

OLD, NEW = ENCRYPTION_KEY, Fernet.generate_key().decode()
BOTH = Keyring((NEW, OLD))


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


def make_mail(session: Session, tools: Tools, *, keyring: Keyring | None = None) -> OutgoingMail:
    envelope = Envelope(sender="reviews@shop.test", sender_name="Larkspur", recipient="morgan@example.com")
    message = compose(envelope, Content("Hello", "a link", "<p>a link</p>"), clock=tools.clock, make_id=new_id)
    own = replace(tools, keyring=keyring or Keyring((OLD,)))
    return queue_mail(session, message, kind=MailKind.INVITATION, store_id=None, tools=own)


def test_every_secret_of_every_store_gets_the_new_key(session: Session, tools: Tools) -> None:
    for slug in ("larkspur", "juniper", "alder"):
        make_destination(session, make_store(session, slug))
    mails = [make_mail(session, tools) for _ in range(3)]
    before = [Keyring((OLD,)).open(mail.message) for mail in mails if mail.message]
    assert rotate_keys(session, keyring=BOTH) == 6
    session.flush()
    session.expire_all()
    only_new = Keyring((NEW,))
    for sealed in session.scalars(select(Destination.api_key)):
        assert sealed is not None
        assert (only_new.open(sealed), sealed.last_four, sealed.key_id) == (API_KEY, API_KEY[-4:], key_id(NEW))
    assert [only_new.open(mail.message) for mail in mails if mail.message] == before
    assert [mail.message.last_four for mail in mails if mail.message] == ["", "", ""]


def test_a_second_rotation_finds_nothing_to_do(session: Session, tools: Tools) -> None:
    make_destination(session, make_store(session))
    make_mail(session, tools)
    assert [rotate_keys(session, keyring=BOTH) for _ in range(3)] == [2, 0, 0]


def test_what_holds_no_secret_stays_as_it_was(session: Session, tools: Tools) -> None:
    make_destination(session, make_store(session)).api_key = None
    make_mail(session, tools).message = None
    before = every_row(session)
    assert rotate_keys(session, keyring=BOTH) == 0
    assert every_row(session) == before


def test_a_rotation_that_cannot_open_a_secret_changes_none(app: Flask, tools: Tools) -> None:
    with app.app_context(), transaction() as session:
        make_destination(session, make_store(session))
        make_mail(session, tools, keyring=Keyring((Fernet.generate_key().decode(),)))
    with app.app_context():
        before = every_row(reading())
        with pytest.raises(SealBroken), transaction() as session:
            rotate_keys(session, keyring=BOTH)
        assert every_row(reading()) == before


def save_key(key: str) -> Callable[[Session], None]:
    def save(session: Session) -> None:
        store = session.scalars(select(Store)).one()
        save_kustomer(session, store, KustomerDetails(True, key, HOOK), keyring=BOTH, clock=FakeClock())

    return save


def test_a_key_saved_during_a_rotation_is_not_overwritten_by_the_one_before(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        make_destination(session, make_store(session))
    two_at_once(app, save_key("another-key-1234"), lambda session: rotate_keys(session, keyring=BOTH))
    with app.app_context():
        kept = reading().scalars(select(Destination.api_key)).one()
        assert kept is not None
        assert BOTH.open(kept) == "another-key-1234"


def test_a_mail_that_leaves_during_a_rotation_stays_blank(app: Flask, tools: Tools) -> None:
    with app.app_context(), transaction() as session:
        make_mail(session, tools)

    def leave(session: Session) -> None:
        mail = session.scalars(select(OutgoingMail)).one()
        mail.state, mail.message = MailState.SENT, None

    assert two_at_once(app, leave, lambda session: rotate_keys(session, keyring=BOTH)) == 0
    with app.app_context():
        assert reading().scalars(select(OutgoingMail.message)).one() is None


def test_two_people_saving_for_the_first_time_make_one_integration(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        make_store(session)
    two_at_once(app, save_key("first-key-123456"), save_key("second-key-12345"))
    with app.app_context():
        kept = reading().scalars(select(Destination.api_key)).one()
        assert kept is not None
        assert BOTH.open(kept) == "second-key-12345"


def test_a_mail_whose_key_is_lost_waits_and_breaks_nothing(
    app: Flask, session: Session, clock: FakeClock, tools: Tools
) -> None:
    lost = Keyring((Fernet.generate_key().decode(),))
    mail_id = committed_mail(tools, lost)
    assert not send_mail(mail_id, tools=tools, send=never)
    row = session.get_one(OutgoingMail, mail_id, populate_existing=True)
    assert (row.state, row.lease_token) == (MailState.WAITING, None)
    assert "key" in row.last_error
    assert row.message is not None
    assert row.next_at > clock()


def test_a_mail_whose_key_stays_lost_is_given_up_so_that_keys_can_be_rotated(
    app: Flask, session: Session, clock: FakeClock, tools: Tools
) -> None:
    mail_id = committed_mail(tools, Keyring((Fernet.generate_key().decode(),)))
    clock.advance(days=3, seconds=1)
    assert not send_mail(mail_id, tools=tools, send=never)
    row = session.get_one(OutgoingMail, mail_id, populate_existing=True)
    assert (row.state, row.message) == (MailState.FAILED, None)
    assert rotate_keys(session, keyring=BOTH) == 0


def committed_mail(tools: Tools, keyring: Keyring) -> UUID:
    with transaction() as session:
        return make_mail(session, tools, keyring=keyring).id


def never(_message: bytes, _sender: str, _recipient: str, _handing_over: object) -> None:
    raise AssertionError("nothing may leave")


def test_a_mail_sealed_before_the_rotation_still_leaves_after_it(
    app: Flask, session: Session, clock: FakeClock, tools: Tools
) -> None:
    mail_id = committed_mail(tools, Keyring((OLD,)))
    with transaction() as writing:
        rotate_keys(writing, keyring=Keyring((OLD, NEW)))
    clock.advance(seconds=1)
    left: list[str] = []
    assert send_mail(mail_id, tools=tools, send=lambda _message, _sender, recipient, _: left.append(recipient))
    assert left == ["morgan@example.com"]
    assert session.get_one(OutgoingMail, mail_id, populate_existing=True).sent_at == clock() > clock() - timedelta(1)
