from collections.abc import Iterator

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, transaction
from reviews_app.factory import create_app
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.tools import fake_tools
from tests.fakes.writer import Writer, open_writer


@pytest.fixture
def writer(app: Flask) -> Writer:
    """Somebody who writes about the store's product."""
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    return open_writer(app)


@pytest.fixture
def elsewhere(settings: Settings, clock: FakeClock) -> Iterator[Flask]:
    """Another process of the same shop: its own memory, the same database."""
    made = create_app(tools=fake_tools(settings, clock))
    yield made
    dispose_database(made)
