from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.models.review import Review
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["erase-person", *words])
    return result.exit_code, result.output


def test_it_says_what_it_did_and_that_kustomer_has_a_copy(app: Flask) -> None:
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        leave_review(writing, store, make_product(writing, store), email="ann@example.com")
    code, output = run(app, "larkspur", "ann@example.com")
    assert code == 0
    assert "reviews blanked: 1" in output
    assert "must be erased there" in output
    with app.app_context():
        assert session().scalars(select(Review.email)).all() == [""]


def test_an_unknown_store_is_named_and_nothing_changes(app: Flask) -> None:
    code, output = run(app, "nowhere", "ann@example.com")
    assert code == 1
    assert "There is no store named nowhere." in output
