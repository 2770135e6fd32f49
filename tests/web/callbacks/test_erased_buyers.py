"""After a buyer was erased no row of any table names them, whatever their shop tells later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from reviews_app.db.database import transaction
from reviews_app.models.customer import Customer
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.models.suppression import Suppression, SuppressionReason
from reviews_app.services.erase_person import erase_person
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.tools import Tools
from tests.factories.review import leave_review
from tests.factories.rows import every_row
from tests.fakes.shop import Shop
from tests.web.callbacks.conftest import rows

EMAIL, NAME, WORDS = "Zelda.Quist@Example.com", "Zelda Quist", "I, Zelda, agree"
TRACES = ("zelda", "quist")
OWN: dict[str, Any] = {
    "id": "1001",
    "number": "#1001",
    "updated_at": "2026-11-09T10:00:00Z",
    "email": EMAIL,
    "name": NAME,
    "country": "DE",
    "placed_at": "2026-11-09T10:00:00Z",
    "fulfilled_at": "2026-11-10T10:00:00Z",
    "consent": {"basis": "opt_in", "text": WORDS, "at": "2026-11-09T10:00:00Z"},
    "lines": [{"id": "7", "product_id": "200", "title": "Ridge Daypack", "quantity": 2}],
}
OWN_REFUND = OWN | {
    "updated_at": "2026-11-20T10:00:00Z",
    "lines": [OWN["lines"][0] | {"refunded_quantity": 1}],
}
SHOPIFY: dict[str, Any] = {
    "id": 1001,
    "name": "#1001",
    "email": EMAIL,
    "created_at": "2026-11-09T10:00:00Z",
    "updated_at": "2026-11-09T10:00:00Z",
    "fulfillment_status": "fulfilled",
    "customer": {"first_name": "Zelda", "last_name": "Quist", "email": EMAIL},
    "shipping_address": {"name": NAME, "country_code": "US"},
    "line_items": [{"id": 7, "product_id": 200, "title": "Ridge Daypack", "quantity": 2}],
}
BACK = {"id": 5, "order_id": 1001, "refund_line_items": [{"line_item_id": 7, "quantity": 1}]}
SHOPIFY_REFUND = SHOPIFY | {"updated_at": "2026-11-20T10:00:00Z", "refunds": [BACK]}
Tell = Callable[[Shop], TestResponse]
DOORS: dict[str, tuple[Tell, Tell]] = {
    "own": (lambda shop: shop.tell("orders", OWN), lambda shop: shop.tell("orders", OWN_REFUND)),
    "shopify": (
        lambda shop: shop.shopify("orders/create", SHOPIFY),
        lambda shop: shop.shopify("orders/updated", SHOPIFY_REFUND),
    ),
    "shopify's refund alone": (
        lambda shop: shop.shopify("orders/create", SHOPIFY),
        lambda shop: shop.shopify("refunds/create", BACK),
    ),
}


def traces(app: Flask) -> list[tuple[str, str]]:
    """Each row of any table in which the person can still be read."""
    with rows(app) as reading:
        told = every_row(reading)
    return [
        (table, word) for table, each in told.items() for row in each for word in TRACES if word in repr(row).lower()
    ]


def ask(app: Flask, *, state: MailState) -> str:
    """The order's request, as if it had left, come back or failed with words that name the person."""
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        order = writing.scalars(select(Order)).one()
        store = writing.get_one(Store, order.store_id)
        request_reviews(writing, order, store=store, tools=tools)
        mail = writing.scalars(select(OutgoingMail)).one()
        mail.subject = f"{NAME}, how is your pack?"
        if state is not MailState.WAITING:
            mail.state, mail.message, mail.last_error = state, None, f"550 5.1.1 <{EMAIL}> is unknown"
        return mail.message_id


def erase(app: Flask) -> None:
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        erase_person(writing, writing.scalars(select(Store)).one(), EMAIL.upper(), clock=tools.clock)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("state", [MailState.WAITING, MailState.SENT, MailState.FAILED])
def test_no_table_names_who_was_erased_not_even_after_a_later_event(
    app: Flask, shop: Shop, door: str, state: MailState
) -> None:
    comes_in, is_refunded = DOORS[door]
    assert comes_in(shop).status_code == 200
    ask(app, state=state)
    with app.app_context(), transaction() as writing:
        product, store = writing.scalars(select(Product)).one(), writing.scalars(select(Store)).one()
        leave_review(writing, store, product, clock=shop.clock, email=EMAIL, name=NAME, body="Zelda was here.")
    assert {table for table, _word in traces(app)} >= {"shop_facts", "order", "customer", "outgoing_mail", "review"}
    erase(app)
    assert traces(app) == []
    assert is_refunded(shop).status_code == 200
    assert traces(app) == []
    with rows(app) as reading:
        order = reading.scalars(select(Order)).one()
        assert [(line.quantity, line.refunded_quantity) for line in order.lines] == [(2, 1)], "the event was taken in"
        assert (order.number, order.buyer_name, order.customer.email, order.customer.country_code) == (
            "#1001",
            "",
            "",
            None,
        )


def test_that_there_was_consent_stays_known_without_its_words(app: Flask, shop: Shop) -> None:
    shop.tell("orders", OWN)
    erase(app)
    again = OWN | {"updated_at": "2026-11-20T10:00:00Z", "consent": OWN["consent"] | {"basis": "refused"}}
    shop.tell("orders", again)
    with rows(app) as reading:
        order = reading.scalars(select(Order)).one()
        assert (order.consent_basis, order.consent_text) == (ConsentBasis.REFUSED, "")


def test_an_order_that_shows_only_after_its_buyer_was_erased_is_nobodys(app: Flask, shop: Shop) -> None:
    without_lines = {name: value for name, value in OWN.items() if name != "lines"}
    assert shop.tell("orders", without_lines).status_code == 202
    erase(app)
    assert traces(app) == []
    assert shop.tell("orders", OWN_REFUND).status_code == 200
    assert traces(app) == []
    with rows(app) as reading:
        assert reading.scalars(select(Order)).one().customer.email == ""
        assert len(reading.scalars(select(Customer)).all()) == 1


def test_another_buyers_order_that_waits_is_left_alone(app: Flask, shop: Shop) -> None:
    other = {"id": "1002", "email": "other@example.com", "name": "Other Buyer"}
    assert shop.tell("orders", other).status_code == 202
    erase(app)
    shop.tell("orders", OWN | {"id": "1002", "email": None, "name": None})
    with rows(app) as reading:
        assert reading.scalars(select(Order)).one().customer.email == "other@example.com"


def test_a_bounce_after_the_erasure_brings_no_word_back(app: Flask, shop: Shop) -> None:
    shop.tell("orders", OWN)
    message_id = ask(app, state=MailState.SENT)
    erase(app)
    shop.clock.now += timedelta(minutes=1)
    bounce = {"type": "bounced", "status": "5.1.1", "detail": f"550 <{EMAIL}> is unknown"}
    for by in ({"message_id": message_id}, {"email": EMAIL}):
        assert shop.tell("mail-events", bounce | by).status_code == 200
    assert traces(app) == []
    with rows(app) as reading:
        assert [row.reason for row in reading.scalars(select(Suppression))] == [SuppressionReason.ERASED]


def test_a_new_order_of_the_same_person_is_theirs_again_and_asked_by_nobody(app: Flask, shop: Shop) -> None:
    shop.tell("orders", OWN)
    erase(app)
    shop.tell("orders", OWN | {"id": "1002", "number": "#1002"})
    with rows(app) as reading:
        buyers = {order.number: order.customer.email for order in reading.scalars(select(Order))}
        assert buyers == {"#1001": "", "#1002": EMAIL}
        assert [row.reason for row in reading.scalars(select(Suppression))] == [SuppressionReason.ERASED]
