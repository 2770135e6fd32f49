"""What Shopify passes on of its buyers' rights and of a shop's end."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.models.callback import CallbackEvent
from reviews_app.models.customer import Customer
from reviews_app.models.membership import StoreRole
from reviews_app.models.order import Order
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.models.suppression import Suppression, SuppressionReason
from reviews_app.services.tools import Tools
from tests.factories.member import make_member
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.rows import every_row
from tests.fakes.mailbox import mail_text, mails_to
from tests.fakes.shop import Shop
from tests.web.callbacks.conftest import all_rows, rows
from tests.web.callbacks.test_shopify import ORDER

OWNER, VIEWER = "owner@example.com", "viewer@example.com"
SHOP: dict[str, Any] = {"shop_id": 954889, "shop_domain": "larkspur.example"}
BUYER = SHOP | {"customer": {"id": 191167, "email": "Jon@Example.com", "phone": "555-625-1199"}}
REDACT = BUYER | {"orders_to_redact": [ORDER["id"]]}


@pytest.fixture
def staffed(app: Flask, shop: Shop) -> Shop:
    """A shop with an owner, a viewer and one order of Jon's."""
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        make_member(writing, store, OWNER)
        make_member(writing, store, VIEWER, StoreRole.VIEWER)
    shop.shopify("orders/create", ORDER)
    return shop


def buyers(app: Flask) -> list[str]:
    with rows(app) as reading:
        return sorted(reading.scalars(select(Customer.email)))


def told(app: Flask, address: str) -> list[str]:
    tools: Tools = app.extensions["tools"]
    with rows(app) as reading:
        return [mail["Subject"] for mail in mails_to(reading, tools, address)]


@pytest.mark.parametrize(
    "values",
    [
        REDACT,
        BUYER | {"orders_to_redact": []},
        REDACT | {"customer": {"id": 191167, "email": None}},
        REDACT | {"customer": {"id": 191167, "email": "another@example.com"}},
    ],
)
def test_a_buyer_shopify_redacts_is_erased_from_that_store_alone(
    app: Flask, staffed: Shop, neighbour: Shop, values: dict[str, Any]
) -> None:
    neighbour.shopify("orders/create", ORDER)
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store).where(Store.slug == staffed.slug)).one()
        product = make_product(writing, store, "pack")
        leave_review(writing, store, product, clock=staffed.clock, email="jon@example.com", name="Jon Snow")
    answer = staffed.shopify("customers/redact", values)
    assert (answer.status_code, answer.get_json()["outcome"]) == (200, "taken")
    assert "Reviews blanked: 1" in answer.get_json()["detail"]
    assert buyers(app) == ["", "jon@example.com"]
    with rows(app) as reading:
        assert {row.buyer_name for row in reading.scalars(select(Order))} == {"", "Jon Snow"}
        assert reading.scalars(select(Review.email)).all() == [""]
        assert {row.reason for row in reading.scalars(select(Suppression))} == {SuppressionReason.ERASED}
        events = [row for row in every_row(reading)["callback_event"] if "redact" in repr(row)]
    assert len(events) == 1
    assert "jon" not in repr(events).lower(), "the event names nobody"


def test_asked_twice_it_is_done_once(app: Flask, staffed: Shop) -> None:
    for _ in range(2):
        staffed.shopify("customers/redact", REDACT, event_id="r-1")
        staffed.shopify("customers/data_request", BUYER, event_id="d-1")
    assert len(told(app, OWNER)) == 1
    with rows(app) as reading:
        assert sorted(reading.scalars(select(CallbackEvent.times))) == [1, 2, 2]


def test_a_buyer_who_asks_what_is_kept_is_told_to_the_owners_with_the_way_there(app: Flask, staffed: Shop) -> None:
    answer = staffed.shopify("customers/data_request", BUYER | {"data_request": {"id": 9999}})
    assert (answer.status_code, answer.get_json()["outcome"]) == (200, "taken")
    assert told(app, OWNER) == ["A buyer of Larkspur asks what is kept about them"]
    assert told(app, VIEWER) == []
    with rows(app) as reading:
        words = mail_text(reading, app.extensions["tools"], OWNER)
        customer_id = reading.scalars(select(Customer.id)).one()
    assert "Jon@Example.com" in words
    assert "within 30 days" in words
    assert f"/merchant/larkspur/requests/people/{customer_id}" in words
    assert buyers(app) == ["jon@example.com"]


def test_a_buyer_nobody_knows_who_asks_is_told_too(app: Flask, staffed: Shop) -> None:
    staffed.shopify("customers/data_request", BUYER | {"customer": {"email": "stranger@example.com"}})
    with rows(app) as reading:
        words = mail_text(reading, app.extensions["tools"], OWNER)
    assert words.rstrip().endswith("/merchant/larkspur/requests")


def test_the_end_of_a_shop_is_told_and_erases_nothing_by_itself(app: Flask, staffed: Shop) -> None:
    before = all_rows(app)
    answer = staffed.shopify("shop/redact", SHOP)
    assert answer.get_json()["outcome"] == "taken"
    assert told(app, OWNER) == ["Shopify asks to erase the shop of Larkspur"]
    after = all_rows(app)
    assert {name for name in after if after[name] != before[name]} == {"outgoing_mail", "callback_event"}
    assert buyers(app) == ["jon@example.com"]


@pytest.mark.parametrize("topic", ["customers/redact", "customers/data_request"])
@pytest.mark.parametrize(
    "values", [{}, {"customer": []}, {"customer": {"email": "no address"}}, {"orders_to_redact": [None, {}, "", 0]}]
)
def test_who_cannot_be_here_is_ignored(app: Flask, staffed: Shop, topic: str, values: dict[str, Any]) -> None:
    answer = staffed.shopify(topic, values)
    assert (answer.status_code, answer.get_json()["outcome"]) == (200, "ignored")
    assert told(app, OWNER) == []
    assert buyers(app) == ["jon@example.com"]
