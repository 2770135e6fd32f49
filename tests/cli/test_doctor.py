import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select

from reviews_app.cli.worker import new_worker
from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, transaction
from reviews_app.db.job_names import QueueName
from reviews_app.factory import create_app
from reviews_app.models.destination import AttentionReason, Destination
from reviews_app.services.hold_destination import needs_attention
from tests.conftest import ENCRYPTION_KEY
from tests.factories.destination import API_KEY, make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.queue import running_queue
from tests.fakes.stamp import stamp, unstamp
from tests.fakes.tools import fake_tools


def doctor(app: Flask) -> str:
    return app.test_cli_runner().invoke(args=["doctor"]).output


def test_the_doctor_counts_what_waits(app: Flask, clock: FakeClock) -> None:
    stamp(app)
    with app.app_context(), transaction() as session:
        store = make_store(session)
        make_destination(session, store)
        leave_review(session, store, make_product(session, store), clock=clock)
    shown = doctor(app)
    assert "database   answers" in shown
    assert "REDIS_URL is not set" in shown
    assert "deliveries waiting 1" in shown
    assert "lost       0 reviews" in shown


def test_the_doctor_says_how_to_bring_the_tables_up_to_date(app: Flask) -> None:
    unstamp(app)
    assert "run flask db upgrade" in doctor(app)


def test_the_doctor_survives_a_database_and_a_queue_that_are_away(settings: Settings) -> None:
    gone = {"database_url": "postgresql://nobody@127.0.0.1:1/none", "redis_url": "redis://127.0.0.1:1"}
    away = create_app(settings.model_copy(update=gone))
    shown = doctor(away)
    assert "database   does not answer" in shown
    assert "queue      does not answer" in shown
    dispose_database(away)


def test_the_doctor_names_a_storage_and_a_scanner_that_are_away(settings: Settings) -> None:
    gone = {"media_storage": "s3://a:b@none?endpoint=http://127.0.0.1:9", "media_scanner": "tcp://127.0.0.1:9"}
    away = create_app(settings.model_copy(update=gone))
    shown = doctor(away)
    assert "storage    a bucket does not answer" in shown
    assert "scanner    does not answer" in shown
    dispose_database(away)


def test_the_doctor_says_what_is_held_and_why_and_how_old_the_oldest_is(app: Flask, clock: FakeClock) -> None:
    stamp(app)
    with app.app_context(), transaction() as session:
        for slug in ("larkspur", "juniper"):
            store = make_store(session, slug)
            make_destination(session, store)
            leave_review(session, store, make_product(session, store), clock=clock)
        hook = session.scalars(select(Destination).limit(1)).one()
        needs_attention(session, hook, AttentionReason.KEY, detail="Expired token.", now=clock())
    clock.advance(minutes=5)
    shown = doctor(app)
    assert "oldest     under way for 300 s" in shown
    assert "held       key 1" in shown
    assert API_KEY[-16:] not in shown


NEW_KEY = Fernet.generate_key().decode()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (ENCRYPTION_KEY, "every secret has the newest key"),
        (f"{NEW_KEY},{ENCRYPTION_KEY}", "1 secrets have an older key: run flask rotate-keys"),
        (NEW_KEY, "1 secrets were sealed with a key that is not in ENCRYPTION_KEYS"),
    ],
    ids=["newest", "older", "lost"],
)
def test_the_doctor_knows_whether_the_keys_open_every_secret(
    settings: Settings, clock: FakeClock, keys: str, said: str
) -> None:
    app = create_app(tools=fake_tools(settings.model_copy(update={"encryption_keys": keys}), clock))
    stamp(app)
    with app.app_context(), transaction() as session:
        make_destination(session, make_store(session))
    assert said in doctor(app)
    dispose_database(app)


def test_the_doctor_counts_the_jobs_that_wait_in_the_queue(settings: Settings, clock: FakeClock) -> None:
    with running_queue() as queue:
        app = create_app(tools=fake_tools(settings.model_copy(update={"redis_url": queue.url}), clock))
        with app.app_context(), transaction() as session:
            store = make_store(session)
            make_destination(session, store)
            leave_review(session, store, make_product(session, store), clock=clock)
        assert "queue      answers; jobs waiting: kustomer 1" in doctor(app)
        dispose_database(app)


def test_the_doctor_ends_with_1_when_a_part_is_down_and_else_with_0(settings: Settings, clock: FakeClock) -> None:
    with running_queue() as queue:
        app = create_app(tools=fake_tools(settings.model_copy(update={"redis_url": queue.url}), clock))
        stamp(app)
        ended = app.test_cli_runner().invoke(args=["doctor"])
        assert (ended.exit_code, "workers    none on kustomer, mail, media, video, files" in ended.output) == (1, True)
        for name in QueueName:
            new_worker(queue.client(), name).register_birth()  # type: ignore[no-untyped-call]
        ended = app.test_cli_runner().invoke(args=["doctor"])
        assert (ended.exit_code, "workers    one on every queue at least" in ended.output) == (0, True)
        dispose_database(app)


def test_the_doctor_ends_with_1_without_its_database_or_its_tables(app: Flask, settings: Settings) -> None:
    unstamp(app)
    assert app.test_cli_runner().invoke(args=["doctor"]).exit_code == 1
    away = create_app(settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"}))
    assert away.test_cli_runner().invoke(args=["doctor"]).exit_code == 1
    dispose_database(away)
