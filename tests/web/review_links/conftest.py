from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from reviews_app.db.database import session, transaction
from reviews_app.services.tools import Tools
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review_request import make_link
from tests.factories.store import make_store
from tests.fakes.visitor import Visitor


@dataclass
class Link:
    """A link for an order of three products, and a product of the same store that is not in it."""

    token: str
    store: UUID
    request: UUID
    order_id: UUID
    pack: UUID
    stove: UUID
    tent: UUID
    elsewhere: UUID

    @property
    def order(self) -> str:
        return f"/r/{self.token}"

    def form(self, product: UUID | None = None) -> str:
        return f"/r/{self.token}/{product or self.pack}"


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def link(app: Flask, tools: Tools) -> Iterator[Link]:
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        pack = make_product(writing, store, "pack", variants=("Moss",))
        stove = make_product(writing, store, "stove")
        tent = make_product(writing, store, "tent")
        other = make_product(writing, store, "other")
        order = make_order(writing, store, pack, stove, tent)
        request, token = make_link(writing, order, store=store, tools=tools)
        made = Link(token, store.id, request.id, order.id, pack.id, stove.id, tent.id, other.id)
    with app.app_context():
        yield made


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def count(app: Flask) -> Callable[[type], int]:
    """How many rows a table has now."""

    def counted(table: type) -> int:
        session().rollback()
        return session().scalar(select(func.count()).select_from(table)) or 0

    return counted
