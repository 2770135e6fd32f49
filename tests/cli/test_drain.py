from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.mail.message import Content, Envelope, compose
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.services.queue_mail import queue_mail
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, Told, receiver
from tests.fakes.smtp import KeptMail, smtp_server
from tests.fakes.tools import fake_tools


@pytest.fixture
def kustomer() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


@pytest.fixture
def inbox() -> Iterator[KeptMail]:
    with smtp_server() as kept:
        yield kept


@pytest.fixture
def app(settings: Settings, clock: FakeClock, kustomer: Receiver, inbox: KeptMail) -> Iterator[Flask]:
    """Three reviews and a mail wait; there is no queue."""
    own = settings.model_copy(
        update={"kustomer_extra_origins": kustomer.origin, "smtp_url": inbox.url, "delivery_time_unit": 0.001}
    )
    tools = fake_tools(own, clock)
    made = create_app(tools=tools)
    with made.app_context(), transaction() as writing:
        store = make_store(writing)
        make_destination(writing, store, api_url=kustomer.url)
        product = make_product(writing, store)
        for _ in range(3):
            leave_review(writing, store, product, clock=clock)
        envelope = Envelope(sender="shop@example.com", sender_name="Shop", recipient="buyer@example.com")
        message = compose(envelope, Content("Hello", "Hello", "<p>Hello</p>"), clock=clock, make_id=tools.make_id)
        queue_mail(writing, message, kind=MailKind.ACCOUNT, store_id=store.id, tools=tools)
    yield made
    dispose_database(made)


def drain(app: Flask) -> str:
    return app.test_cli_runner().invoke(args=["drain"]).output


def test_it_sends_every_delivery_and_mail_once(app: Flask, kustomer: Receiver, inbox: KeptMail) -> None:
    shown = drain(app)
    assert "deliveries arrived: 3" in shown
    assert "mails sent: 1" in shown
    assert "deliveries arrived: 0" in drain(app)
    assert (len(kustomer.requests), len(inbox.envelopes)) == (3, 1)


def test_what_fails_stays_due_for_later(app: Flask, kustomer: Receiver) -> None:
    kustomer.always = Told(500)
    assert "deliveries arrived: 0" in drain(app)
    with app.app_context():
        assert set(session().scalars(select(Delivery.state))) == {DeliveryState.WAITING}


def test_it_takes_back_what_a_killed_worker_held(app: Flask, clock: FakeClock) -> None:
    with app.app_context(), transaction() as writing:
        for row in writing.scalars(select(Delivery)):
            row.state, row.tries, row.lease_until = DeliveryState.SENDING, 1, clock().replace(year=2020)
    assert "deliveries arrived: 3" in drain(app)


def test_a_sent_mail_is_marked_and_blanked(app: Flask) -> None:
    drain(app)
    with app.app_context():
        mail = session().scalars(select(OutgoingMail)).one()
        assert (mail.state, mail.message) == (MailState.SENT, None)
