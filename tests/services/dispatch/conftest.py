from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, transaction
from reviews_app.db.database import session as reading
from reviews_app.factory import create_app
from reviews_app.lib.ids import new_id
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.store import Store
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.tools import Tools
from tests.factories.destination import make_destination
from tests.factories.planned import Asked, make_asked
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, receiver
from tests.fakes.smtp import KeptMail, smtp_server
from tests.fakes.tools import fake_tools
from tests.services.dispatch.looking import Leave, Send


@pytest.fixture
def kustomer() -> Iterator[Receiver]:
    """A real receiver on loopback."""
    with receiver() as kept:
        yield kept


@pytest.fixture
def tools(settings: Settings, clock: FakeClock, kustomer: Receiver) -> Tools:
    """The real tools, with the receiver as the one extra origin."""
    own = settings.model_copy(update={"kustomer_extra_origins": kustomer.origin})
    return replace(fake_tools(own, clock), settings=own)


@pytest.fixture
def app(tools: Tools) -> Iterator[Flask]:
    made = create_app(tools=tools)
    yield made
    dispose_database(made)


@pytest.fixture
def http(kustomer: Receiver) -> OutgoingHttp:
    return OutgoingHttp(extra_origins=(kustomer.origin,))


@pytest.fixture
def in_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def leave(in_context: None, kustomer: Receiver, clock: FakeClock) -> Leave:
    """Leaves some reviews with the integration on and gives their deliveries."""

    def leave_some(count: int) -> list[Delivery]:
        with transaction() as session:
            store = session.scalar(select(Store))
            if store is None:
                store = make_store(session)
                make_destination(session, store, api_url=kustomer.url)
            product = make_product(session, store, f"pack-{new_id().hex}")
            for _ in range(count):
                leave_review(session, store, product, clock=clock)
        return list(reading().scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id)))

    return leave_some


@pytest.fixture
def send_all(in_context: None, tools: Tools, http: OutgoingHttp) -> Send:
    """What a worker does about everything due, without its pace."""

    def send() -> int:
        due = select(Delivery.id).where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= tools.clock())
        reading().rollback()
        return sum(
            send_to_kustomer(one, tools=tools, http=http, per_second=10_000) for one in reading().scalars(due).all()
        )

    return send


@pytest.fixture
def inbox() -> Iterator[KeptMail]:
    with smtp_server() as kept:
        yield kept


@pytest.fixture
def asked(session: Session, app: Flask, clock: FakeClock) -> Asked:
    """A request is due, and its mail is queued."""
    made = make_asked(session, app.extensions["tools"], clock)
    made.send_when_due()
    session.commit()
    return made
