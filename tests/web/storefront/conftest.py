import pytest
from flask import Flask

from reviews_app.db.database import transaction
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.writer import Writer, open_writer


@pytest.fixture
def writer(app: Flask) -> Writer:
    """Somebody who writes about the store's product."""
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    return open_writer(app)
