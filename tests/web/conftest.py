"""Two furnished stores side by side, and who may look at them."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reviews_app.models.membership import StoreRole
from tests.factories.furnished import Furnished, furnish
from tests.factories.member import signed_in
from tests.fakes.visitor import Page


@dataclass
class Street:
    """Two stores with equal product handles and buyers: what one holds the other must never show."""

    app: Flask
    mine: Furnished
    theirs: Furnished

    def member(self, role: StoreRole = StoreRole.OWNER) -> FlaskClient:
        """Somebody of my store at the screen."""
        return signed_in(self.app, f"{role}@{self.mine.slug}.example")

    def stranger(self) -> FlaskClient:
        """Somebody who only knows the addresses."""
        return self.app.test_client()

    def token(self, client: FlaskClient) -> str:
        """The cross-site token of a browser's session."""
        page = client.get(f"/stores/{self.mine.slug}/products/ridge-daypack/reviews/new").text
        return Page(page).values["csrf_token"][0]

    def rules(self, method: str) -> list[str]:
        """Every address that takes a method, holes and all."""
        found = {rule.rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())}
        assert len(found) > 25, method
        return sorted(found)


@pytest.fixture
def street(app: Flask) -> Street:
    """Larkspur is mine, Juniper is not."""
    return Street(app, furnish(app, "larkspur"), furnish(app, "juniper"))
