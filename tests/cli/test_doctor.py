from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, transaction
from reviews_app.factory import create_app
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.stamp import stamp, unstamp


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
