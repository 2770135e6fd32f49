"""Shoppers at both doors of a house, each with its form open before anything breaks."""

import time
from dataclasses import dataclass
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.services.tools import make_tools
from tests.factories.order import make_order
from tests.factories.review_request import make_link
from tests.fakes.house import House
from tests.fakes.visitor import Page

BUTTON = "/stores/larkspur/products/ridge-daypack/reviews/new"
TYPED = {"rating": "4", "body": "It carries well and dries fast.", "name": "Ann Lee"}


@dataclass
class Form:
    """One opened form."""

    browser: FlaskClient
    url: str
    values: dict[str, list[str] | str]

    def send(self) -> float:
        """Gives how many seconds the answer took; it must say that the review was taken."""
        began = time.monotonic()
        answer = self.browser.post(self.url, data=self.values)
        took = time.monotonic() - began
        assert answer.status_code == 303, answer.text
        return took


def open_forms(house: House, count: int) -> list[Form]:
    """Every second one by the button, the others behind a link from a mail."""
    links = _links(house, count // 2)
    return [_opened(house, BUTTON if place % 2 else links[place // 2]) for place in range(count)]


def _opened(house: House, url: str) -> Form:
    browser = house.app.test_client()
    values: dict[str, list[str] | str] = {**Page(browser.get(url).text).values, **TYPED}
    if url == BUTTON:
        values["email"] = f"{uuid4().hex}@example.com"
    return Form(browser, url, values)


def _links(house: House, count: int) -> list[str]:
    found = []
    tools = make_tools(house.settings)
    with house.app.app_context(), transaction() as session:
        store = session.scalars(select(Store)).one()
        product = session.scalars(select(Product)).one()
        for _ in range(count):
            order = make_order(session, store, product, number=uuid4().hex[:12], email=f"b{uuid4().hex}@example.com")
            _, token = make_link(session, order, store=store, tools=tools)
            found.append(f"/r/{token}/{product.id}")
    return found


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95) - 1]
