import json
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.web.guards import public
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.visitor import Page

FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"
SECRET_WORDS = "The zip broke on Tuesday."
TYPED = {"rating": "4", "body": SECRET_WORDS, "name": "Ann Lee", "email": "ann@example.com"}


@pytest.fixture
def shop(app: Flask) -> Flask:
    """A store with a product, and an address that fails."""

    @app.get("/stores/<store>/falls-over")
    @public
    def falls_over(store: str) -> str:
        abort(500)

    with app.app_context(), transaction() as session:
        make_product(session, make_store(session))
    return app


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_a_failure_is_logged_with_the_requests_id_and_its_store(
    shop: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = shop.test_client().get("/stores/larkspur/falls-over?token=abc")
    [line] = lines(capsys)
    assert (line["event"], line["status"], line["store"]) == ("request failed", 500, "larkspur")
    assert line["request"] == answer.headers["X-Request-ID"]
    assert line["rule"] == "/stores/<store>/falls-over"


def test_a_proxys_id_is_kept_and_a_strange_one_is_not(shop: Flask) -> None:
    browser = shop.test_client()
    kept = browser.get("/health/live", headers={"X-Request-ID": "edge-0123456789"})
    assert kept.headers["X-Request-ID"] == "edge-0123456789"
    for strange in ("short", "a" * 65, 'quo"te-0123456789', "new line-0123456789", ""):
        told = browser.get("/health/live", headers={"X-Request-ID": strange}).headers["X-Request-ID"]
        assert (told == strange, len(told)) == (False, 32)


def test_two_requests_share_neither_id_nor_store(shop: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    browser = shop.test_client()
    first = browser.get("/stores/larkspur/falls-over").headers["X-Request-ID"]
    second = browser.get("/stores/juniper/falls-over").headers["X-Request-ID"]
    assert first != second
    assert [(line["request"], line["store"]) for line in lines(capsys)] == [(first, "larkspur"), (second, "juniper")]


def test_what_went_well_is_not_logged(shop: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.test_client().get(FORM).status_code == 200
    assert lines(capsys) == []


def test_a_database_error_puts_no_word_of_a_review_into_the_log(
    shop: Flask, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    shop.config["PROPAGATE_EXCEPTIONS"] = False
    browser = shop.test_client()
    values = Page(browser.get(FORM).text).values | TYPED

    def fail(session: Session) -> None:
        session.connection().exec_driver_sql("INSERT INTO review (body) VALUES (?)", (SECRET_WORDS,))

    event.listen(Session, "before_commit", fail)
    try:
        assert browser.post(FORM, data=values).status_code == 500
    finally:
        event.remove(Session, "before_commit", fail)
    written = capfd.readouterr()
    told = written.out + written.err + caplog.text
    assert IntegrityError.__name__ in told
    assert SECRET_WORDS not in told
    assert "ann@example.com" not in told
