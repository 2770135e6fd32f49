from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from reviews_app.config import Settings
from reviews_app.db.database import session as database_session
from reviews_app.factory import create_app
from reviews_app.sandbox.start_page import start_page
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.tools import fake_tools
from tests.sandbox.outside.posted_review import posted_review
from tests.sandbox.outside.running import RunningOutside, running_outside
from tests.sandbox.ports import free_ports


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[RunningOutside]:
    with running_outside(tmp_path) as running:
        yield running


@pytest.fixture
def app(settings: Settings, clock: FakeClock, outside: RunningOutside) -> Flask:
    port = int(outside.base.rsplit(":")[-1])
    return sandbox_app(settings.model_copy(update={"port": port - 1}), clock)


def sandbox_app(settings: Settings, clock: FakeClock) -> Flask:
    app = create_app(tools=fake_tools(settings, clock))
    app.register_blueprint(start_page)
    return app


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def fill_demo(session: Session, *, reviews: int) -> None:
    store = make_store(session, "demo")
    product = make_product(session, store)
    make_destination(session, store)
    for _ in range(reviews):
        leave_review(session, store, product)
    session.commit()


def press(visitor: FlaskClient, switch: str) -> int:
    page = visitor.get("/").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    return visitor.post("/sandbox/switch", data={"csrf_token": token, "switch": switch}).status_code


def test_it_shows_the_three_doors(app: Flask, visitor: FlaskClient, outside: RunningOutside) -> None:
    with app.app_context():
        fill_demo(database_session(), reviews=0)
    page = visitor.get("/").text
    assert 'href="/stores/demo/products/ridge-daypack"' in page
    assert f'href="{outside.base}/mail"' in page
    assert f'href="{outside.base}/kustomer"' in page
    assert 'href="/merchant"' in page
    assert "demo@example.com" in page
    assert "demo-merchant" in page


def test_before_the_demo_is_filled_it_says_so(visitor: FlaskClient) -> None:
    page = visitor.get("/")
    assert page.status_code == 200
    assert "being filled" in page.text
    assert "left 0 · Kustomer has 0 · waiting 0 · lost 0" in page.text


def test_the_line_counts_what_was_left_and_what_kustomer_has(
    app: Flask, visitor: FlaskClient, outside: RunningOutside
) -> None:
    with app.app_context():
        fill_demo(database_session(), reviews=3)
    outside.post(posted_review("one"))
    assert "left 3 · Kustomer has 1 · waiting 3 · lost 0" in visitor.get("/").text
    counts = visitor.get("/sandbox/counts.json").get_json()
    assert (counts["left"], counts["kustomer_has"], counts["waiting"], counts["lost"]) == (3, 1, 3, 0)
    assert counts["line"] == "left 3 · Kustomer has 1 · waiting 3 · lost 0"


def test_without_kustomer_the_page_stands_and_admits_what_it_does_not_know(
    settings: Settings, clock: FakeClock
) -> None:
    app = sandbox_app(settings.model_copy(update={"port": free_ports(2)[0]}), clock)
    page = app.test_client().get("/")
    assert page.status_code == 200
    assert "Kustomer has ? · waiting 0 · lost ?" in page.text
    assert "being started again" in page.text


def test_kustomer_can_be_made_to_refuse_and_put_right(visitor: FlaskClient, outside: RunningOutside) -> None:
    assert press(visitor, "kustomer-500") == 303
    assert outside.post(posted_review()).status_code == 500
    assert "Put it right" in visitor.get("/").text
    assert press(visitor, "put-right") == 303
    assert outside.post(posted_review()).status_code == 200


def test_the_key_can_be_expired_and_put_right(visitor: FlaskClient, outside: RunningOutside) -> None:
    assert press(visitor, "expire-key") == 303
    assert outside.post(posted_review()).json()["errors"][0]["title"] == "Expired token"
    assert "the key is expired" in visitor.get("/").text
    assert press(visitor, "put-right") == 303
    assert outside.post(posted_review()).status_code == 200


def test_a_switch_without_its_token_does_nothing(visitor: FlaskClient, outside: RunningOutside) -> None:
    answer = visitor.post("/sandbox/switch", data={"switch": "kustomer-500"})
    assert answer.status_code == 422
    assert "Press it once more" in answer.text
    assert outside.post(posted_review()).status_code == 200


def test_a_switch_that_is_not_there_is_refused(visitor: FlaskClient) -> None:
    assert press(visitor, "burn-it-down") == 422


def test_without_a_process_manager_the_worker_has_no_switch(visitor: FlaskClient) -> None:
    assert "cannot be switched here" in visitor.get("/").text
    assert press(visitor, "stop-worker") == 503
