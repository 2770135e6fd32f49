from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.db.database import session as database_session
from reviews_app.db.database import transaction
from reviews_app.models.callback import CallbackSource
from reviews_app.models.tables import METADATA
from reviews_app.services.callback_secret import make_callback_secret
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.shop import Shop


def open_shop(app: Flask, clock: FakeClock, slug: str) -> Shop:
    keyring = app.extensions["tools"].keyring
    with app.app_context(), transaction() as writing:
        store = make_store(writing, slug)
        secrets = {
            str(source): make_callback_secret(writing, store, source, keyring=keyring, clock=clock)
            for source in CallbackSource
        }
    return Shop(app.test_client(), clock, slug, secrets)


@pytest.fixture
def shop(app: Flask, clock: FakeClock) -> Shop:
    return open_shop(app, clock, "larkspur")


@pytest.fixture
def neighbour(app: Flask, clock: FakeClock) -> Shop:
    return open_shop(app, clock, "juniper")


@contextmanager
def rows(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield database_session()


def all_rows(app: Flask) -> dict[str, Any]:
    """How many rows each table holds."""
    with rows(app) as reading:
        return {table.name: reading.scalar(select(func.count()).select_from(table)) for table in METADATA.sorted_tables}
