from flask import Flask
from sqlalchemy import delete

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, transaction
from reviews_app.factory import create_app
from reviews_app.models.delivery import Delivery
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.tools import fake_tools


def test_metrics_are_absent_unless_switched_on(app: Flask) -> None:
    assert app.test_client().get("/metrics").status_code == 404


def test_metrics_tell_what_waits_how_long_and_what_is_lost(settings: Settings, clock: FakeClock) -> None:
    app = create_app(tools=fake_tools(settings.model_copy(update={"metrics": True}), clock))
    with app.app_context(), transaction() as session:
        store = make_store(session)
        make_destination(session, store)
        product = make_product(session, store)
        for _ in range(2):
            leave_review(session, store, product, clock=clock)
    clock.advance(minutes=5)
    shown = app.test_client().get("/metrics").get_data(as_text=True)
    assert 'reviews_deliveries{state="waiting"} 2.0' in shown
    assert 'reviews_destinations{mode="active"} 1.0' in shown
    assert "reviews_oldest_waiting_seconds 300.0" in shown
    assert "reviews_lost 0.0" in shown
    assert "larkspur" not in shown.lower()
    with app.app_context(), transaction() as session:
        session.execute(delete(Delivery))
    assert "reviews_lost 2.0" in app.test_client().get("/metrics").get_data(as_text=True)
    dispose_database(app)
