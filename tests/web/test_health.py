import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reviews_app.cli.worker import new_worker
from reviews_app.config import AppMode, Settings
from reviews_app.db.database import dispose_database, transaction
from reviews_app.db.job_names import QueueName
from reviews_app.factory import create_app
from reviews_app.models.clock_beat import ClockBeat
from tests.fakes.clamd import running_clamd
from tests.fakes.clock import FakeClock
from tests.fakes.queue import running_queue
from tests.fakes.stamp import stamp

# A load balancer asks every few seconds and waits not much longer than this.
MOST_SECONDS = 4.0


@pytest.fixture
def migrated(app: Flask) -> FlaskClient:
    """A visitor of an application whose tables are up to date."""
    stamp(app)
    return app.test_client()


@pytest.fixture
def without_database(tmp_path: Path) -> Iterator[FlaskClient]:
    settings = Settings(
        app_mode=AppMode.TEST,
        data_dir=tmp_path,
        secret_key="a" * 40,
        database_url="postgresql://nobody@127.0.0.1:1/none",
    )
    app = create_app(settings)
    yield app.test_client()
    dispose_database(app)


def test_a_running_process_says_it_is_alive_even_without_its_database(without_database: FlaskClient) -> None:
    answer = without_database.get("/health/live")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_without_its_database_it_is_not_ready_and_says_so(without_database: FlaskClient) -> None:
    answer = without_database.get("/health/ready")
    assert answer.status_code == 503
    assert answer.get_json()["parts"]["database"] == "down"


def test_old_tables_are_not_ready(app: Flask) -> None:
    answer = app.test_client().get("/health/ready")
    assert (answer.status_code, answer.get_json()["parts"]["migrations"]) == (503, "down")


def test_without_a_queue_it_is_ready_for_visitors_and_says_what_is_missing(migrated: FlaskClient) -> None:
    answer = migrated.get("/health/ready")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "status": "degraded",
        "parts": {"database": "ok", "migrations": "ok", "queue": "not set", "scheduler": "down", "storage": "ok"},
    }


def test_a_queue_that_dies_is_named_and_takes_no_page_down(settings: Settings) -> None:
    with running_queue() as queue:
        app = create_app(settings.model_copy(update={"redis_url": queue.url}))
        browser = app.test_client()
        assert browser.get("/health/ready").get_json()["parts"]["queue"] == "ok"
        queue.stop()
        assert browser.get("/health/ready").get_json()["parts"]["queue"] == "down"
    dispose_database(app)


@contextmanager
def shop(settings: Settings, **changes: str) -> Iterator[FlaskClient]:
    app = create_app(settings.model_copy(update=changes))
    stamp(app)
    yield app.test_client()
    dispose_database(app)


def asked(browser: FlaskClient, part: str) -> tuple[int, str | None]:
    """Status, and how that part is; nobody waits long for it."""
    began = time.monotonic()
    answer = browser.get("/health/ready")
    assert time.monotonic() - began < MOST_SECONDS
    return answer.status_code, answer.get_json()["parts"].get(part)


def test_a_scanner_that_goes_away_is_named_and_takes_no_page_down(settings: Settings) -> None:
    with running_clamd() as clamd, shop(settings, media_scanner=clamd.address) as browser:
        assert asked(browser, "scanner") == (200, "ok")
        clamd.is_mute = True
        assert asked(browser, "scanner") == (200, "down")
    with shop(settings, media_scanner=clamd.address) as browser:
        assert asked(browser, "scanner") == (200, "down")


def test_without_a_scanner_none_is_named(migrated: FlaskClient) -> None:
    assert asked(migrated, "scanner") == (200, None)


def test_a_bucket_that_is_there_or_not_is_named(settings: Settings, bucket: str) -> None:
    with shop(settings, media_storage=bucket) as browser:
        assert asked(browser, "storage") == (200, "ok")
    # This one takes the connection and never says a word.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"s3://key:secret@reviews?endpoint=http://127.0.0.1:{silent.getsockname()[1]}"
        with shop(settings, media_storage=place) as browser:
            assert asked(browser, "storage") == (200, "down")


def test_a_scheduler_that_sweeps_is_well_and_one_that_stopped_is_late(
    app: Flask, migrated: FlaskClient, clock: FakeClock
) -> None:
    with app.app_context(), transaction() as session:
        session.add(ClockBeat(name="sweep deliveries", at=clock()))
    assert migrated.get("/health/ready").get_json()["parts"]["scheduler"] == "ok"
    clock.advance(minutes=2)
    answer = migrated.get("/health/ready")
    assert (answer.status_code, answer.get_json()["parts"]["scheduler"]) == (200, "late")


def test_a_queue_nobody_works_on_is_named_and_takes_no_page_down(settings: Settings) -> None:
    with running_queue() as queue, shop(settings, redis_url=queue.url) as browser:
        assert asked(browser, "worker kustomer") == (200, "down")
        workers = [new_worker(queue.client(), name) for name in QueueName]
        for one in workers:
            one.register_birth()  # type: ignore[no-untyped-call]
        assert asked(browser, "worker kustomer") == (200, None)
        # Killed, it says no goodbye: its own key runs out, and its name stays in the list.
        queue.client().delete(workers[0].key)
        assert asked(browser, "worker kustomer") == (200, "down")
        assert asked(browser, "worker mail") == (200, None)
        assert browser.get("/health/ready").get_json()["status"] == "degraded"
