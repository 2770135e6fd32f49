"""A NUL in an address finds nothing on either database: PostgreSQL breaks off at one where SQLite does not."""

import pytest
from flask import Flask

from reviews_app.db.database import transaction
from tests.factories.member import make_member, signed_in
from tests.factories.store import make_store


@pytest.mark.parametrize(
    "path", ["/stores/%00", "/stores/larkspur/products/%00", "/stores/lark%00spur/gallery", "/media/%00-640.webp"]
)
def test_nothing_is_called_so(app: Flask, path: str) -> None:
    with app.app_context(), transaction() as writing:
        make_store(writing)
    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/callbacks/%00/shopify", "/callbacks/%00/orders", "/callbacks/%00/woocommerce"])
def test_no_shop_calls_from_there(app: Flask, path: str) -> None:
    assert app.test_client().post(path, json={}).status_code == 404


@pytest.mark.parametrize("asked", ["%00", "morgan%00", "%00%25_", "%0a%0d", "%e2%80%ae"])
def test_a_question_about_somebody_is_answered_whatever_was_typed(app: Flask, asked: str) -> None:
    with app.app_context(), transaction() as writing:
        make_member(writing, make_store(writing))
    answer = signed_in(app).get(f"/merchant/larkspur/requests?q={asked}&after={asked}&state={asked}")
    assert answer.status_code == 200
