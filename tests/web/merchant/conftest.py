from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.database import session, transaction
from reviews_app.lib.sealed import Sealed
from reviews_app.models.membership import StoreRole
from reviews_app.models.store import Publishing, Store
from reviews_app.services.tools import Tools
from tests.factories.member import make_member, signed_in
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor


@dataclass
class House:
    """A store with a product and its owner at the screen; `writing` and `rows` look behind the pages."""

    app: Flask
    clock: FakeClock
    owner: Visitor
    slug: str

    @property
    def at(self) -> str:
        return f"/merchant/{self.slug}"

    @property
    def tools(self) -> Tools:
        tools: Tools = self.app.extensions["tools"]
        return tools

    def keyring_opens(self, sealed: Sealed) -> str:
        return self.tools.keyring.open(sealed)

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, Store]]:
        with self.app.app_context(), transaction() as writing:
            yield writing, self.store(writing)

    @contextmanager
    def rows(self) -> Iterator[Session]:
        with self.app.app_context():
            yield session()

    def store(self, rows: Session) -> Store:
        return rows.scalars(select(Store).where(Store.slug == self.slug)).one()

    def visitor(self, role: StoreRole) -> Visitor:
        """Somebody else of the store, signed in."""
        email = f"{role}@example.com"
        with self.writing() as (writing, store):
            make_member(writing, store, email, role)
        return Visitor(signed_in(self.app, email))


def open_house(app: Flask, clock: FakeClock, slug: str, email: str) -> House:
    with app.app_context(), transaction() as writing:
        store = make_store(writing, slug, publishing=Publishing.HOLD_ALL)
        make_product(writing, store, variants=("Moss",))
        make_member(writing, store, email)
    return House(app, clock, Visitor(signed_in(app, email)), slug)


@pytest.fixture
def house(app: Flask, clock: FakeClock) -> House:
    return open_house(app, clock, "larkspur", "merchant@example.com")


@pytest.fixture
def neighbour(app: Flask, clock: FakeClock) -> House:
    """Another store with the same product handle, and its own owner."""
    return open_house(app, clock, "juniper", "neighbour@example.com")
