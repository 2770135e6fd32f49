from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database
from reviews_app.factory import create_app
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.services.tools import Tools
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, receiver
from tests.fakes.tools import fake_tools


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
