"""What every test may ask for: an application on an empty database, a session, a visitor without script."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from reviews_app.config import AppMode, Limits, Settings
from reviews_app.db.database import dispose_database
from reviews_app.db.database import session as database_session
from reviews_app.factory import create_app
from reviews_app.models.tables import METADATA
from tests.fakes.clock import FakeClock
from tests.fakes.compiled_queries import keep_compiled_queries
from tests.fakes.compiled_routes import keep_compiled_routes
from tests.fakes.compiled_templates import CompiledTemplates
from tests.fakes.postgres import Cluster, empty
from tests.fakes.tools import fake_tools

pytest_plugins = ["tests.fakes.browser", "tests.fakes.storages"]
COMPILED = CompiledTemplates()
keep_compiled_queries()
keep_compiled_routes()
ENCRYPTION_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
# Where the code speaks SQL, its tests run on both databases.
ON_BOTH = ("tests/services/", "tests/queries/", "tests/db/", "tests/cli/", "tests/faults/", "tests/web/callbacks/")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgresql_alone: of what SQLite cannot do, such as two writers at once")
    config.addinivalue_line("markers", "faults: long fault runs, started by make faults")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reviews", type=int, default=5000, help="how many reviews the full fault run leaves")


def cluster_of(config: pytest.Config) -> Cluster:
    """One cluster a run: the processes of a run know each other by the run's id."""
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    run_id = worker["testrunuid"] if worker else getattr(config, "run_id", None) or f"{os.getpid()}"
    return Cluster(Path(tempfile.gettempdir()) / f"reviews-postgres-{run_id}")


def pytest_configure_node(node: object) -> None:
    """Let the controller know the run's id, so that it can stop what its workers started."""
    node.config.run_id = node.workerinput["testrunuid"]  # type: ignore[attr-defined]


def pytest_collection_finish() -> None:
    """What was imported stays for the whole run: no look for garbage goes through it again."""
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        cluster_of(session.config).stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        here = metafunc.definition.nodeid
        both = any(here.startswith(folder) for folder in ON_BOTH)
        kinds = ["sqlite", "postgresql"] if both else ["sqlite"]
        if metafunc.definition.get_closest_marker("postgresql_alone"):
            kinds = ["postgresql"]
        metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    METADATA.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config) -> str:
    """A PostgreSQL database of this process's own."""
    return cluster_of(pytestconfig).new_database()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the kind the test runs on."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        empty(url)
        return url
    shutil.copy(request.getfixturevalue("empty_database"), tmp_path / "reviews.sqlite3")
    return ""


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until a test moves it."""
    return FakeClock()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a test run, without a queue."""
    return Settings(
        app_mode=AppMode.TEST,
        data_dir=tmp_path,
        database_url=database_url,
        secret_key="a-secret-for-tests-only-0123456789abcdef",
        encryption_keys=ENCRYPTION_KEY,
        public_url="http://shop.test",
        limits=Limits.OFF,
        mail_per_second_store=1e6,
        mail_per_second_provider=1e6,
        kustomer_extra_origins="http://127.0.0.1:8001",
    )


@pytest.fixture
def app(settings: Settings, clock: FakeClock) -> Iterator[Flask]:
    """The real application with the test's clock."""
    made = create_app(tools=fake_tools(settings, clock))
    made.jinja_env.bytecode_cache = COMPILED
    yield made
    dispose_database(made)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context; what the test adds it must flush or commit itself."""
    with app.app_context():
        yield database_session()


@pytest.fixture
def browser_without_script(app: Flask) -> FlaskClient:
    """A visitor's HTTP client with its own cookies."""
    return app.test_client()
