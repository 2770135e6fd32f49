"""What every test may ask for: an application on an empty database, a session, a shopper's browser without script."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from reviews_app.config import AppMode, Limits, Settings
from reviews_app.db.database import session as database_session
from reviews_app.factory import create_app
from reviews_app.models.tables import METADATA
from tests.fakes.clock import FakeClock
from tests.fakes.tools import fake_tools

ENCRYPTION_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    METADATA.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until a test moves it."""
    return FakeClock()


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    """Settings of a test run on its own copy of the empty database, without a queue."""
    shutil.copy(empty_database, tmp_path / "reviews.sqlite3")
    return Settings(
        app_mode=AppMode.TEST,
        data_dir=tmp_path,
        secret_key="a-secret-for-tests-only-0123456789abcdef",
        encryption_keys=ENCRYPTION_KEY,
        public_url="http://shop.test",
        limits=Limits.OFF,
        kustomer_extra_origins="http://127.0.0.1:8001",
    )


@pytest.fixture
def app(settings: Settings, clock: FakeClock) -> Flask:
    """The real application with the test's clock."""
    return create_app(tools=fake_tools(settings, clock))


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context; what the test adds it must flush or commit itself."""
    with app.app_context():
        yield database_session()


@pytest.fixture
def browser_without_script(app: Flask) -> FlaskClient:
    """A visitor's HTTP client with its own cookies."""
    return app.test_client()
