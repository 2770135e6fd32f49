from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.models.callback import CallbackEvent, CallbackOutcome
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.product import Product
from reviews_app.models.shop_facts import ShopFacts
from tests.fakes.clock import START
from tests.fakes.shop import Shop
from tests.web.callbacks.conftest import all_rows, rows

ORDER: dict[str, Any] = {
    "id": "1001",
    "number": "#1001",
    "updated_at": "2026-11-20T10:00:00Z",
    "email": "Morgan@Example.com",
    "name": "Morgan Reed",
    "country": "de",
    "locale": "de_AT",
    "time_zone": "Europe/Vienna",
    "placed_at": "2026-11-20T11:00:00+01:00",
    "consent": {"basis": "opt_in", "text": "Yes, ask me", "at": "2026-11-20T10:00:00Z"},
    "lines": [
        {"id": 7, "product_id": 200, "title": "Ridge Daypack", "variant_id": 201, "variant": "Moss", "quantity": 2}
    ],
}


def the_order(app: Flask) -> Order:
    with rows(app) as reading:
        order = reading.scalars(select(Order)).one()
        _ = order.customer.name, [(line.product.title, line.variant) for line in order.lines]
        return order


def test_an_order_posted_is_an_order_kept(app: Flask, shop: Shop) -> None:
    answer = shop.tell("orders", ORDER)
    assert answer.status_code == 200
    assert answer.get_json() == {"outcome": "taken", "subject": "Order #1001", "detail": "", "seen": 1}
    order = the_order(app)
    assert (order.customer.email, order.country_code, order.locale) == ("Morgan@Example.com", "DE", "de-AT")
    assert order.time_zone == "Europe/Vienna"
    assert order.placed_at.isoformat() == "2026-11-20T10:00:00+00:00"
    assert (order.consent_basis, order.consent_text) == (ConsentBasis.OPT_IN, "Yes, ask me")
    assert [(line.shop_id, line.product.title, line.quantity) for line in order.lines] == [("7", "Ridge Daypack", 2)]


def test_the_same_event_again_has_one_effect_and_is_counted(app: Flask, shop: Shop) -> None:
    shop.tell("orders", ORDER, event_id="e-1")
    before = all_rows(app)
    again = shop.tell("orders", ORDER | {"name": "Somebody Else"}, event_id="e-1").get_json()
    assert (again["outcome"], again["seen"]) == ("taken", 2)
    assert the_order(app).buyer_name == "Morgan Reed"
    assert all_rows(app) == before


def test_the_same_facts_under_another_id_are_nothing_new(app: Flask, shop: Shop) -> None:
    shop.tell("orders", ORDER)
    assert shop.tell("orders", ORDER).get_json()["outcome"] == "nothing_new"


def test_what_happens_to_an_order_is_told_piece_by_piece(app: Flask, shop: Shop) -> None:
    shop.tell("orders", ORDER)
    shop.tell("orders", {"id": "1001", "updated_at": "2026-11-21T09:00:00Z", "fulfilled_at": "2026-11-21T09:00:00Z"})
    shop.tell("orders", {"id": "1001", "updated_at": "2026-11-22T09:00:00Z", "delivered_at": "2026-11-22T09:00:00Z"})
    returned = ORDER["lines"][0] | {"refunded_quantity": 1}
    shop.tell("orders", {"id": "1001", "updated_at": "2026-11-22T10:00:00Z", "lines": [returned]})
    order = the_order(app)
    assert order.fulfilled_at is not None
    assert order.delivered_at is not None
    assert [line.refunded_quantity for line in order.lines] == [1]
    shop.tell("orders", {"id": "1001", "cancelled_at": "2026-11-23T09:00:00Z"})
    assert the_order(app).is_cancelled
    shop.tell("orders", {"id": "1001", "updated_at": "2026-11-23T13:00:00Z", "cancelled": False})
    assert not the_order(app).is_cancelled


def test_without_its_own_moment_a_report_is_as_of_when_it_was_sent(app: Flask, shop: Shop) -> None:
    shop.tell("orders", {name: value for name, value in ORDER.items() if name != "updated_at"})
    shop.tell("orders", {"id": "1001", "updated_at": "2026-11-22T09:00:00Z", "name": "Older"})
    assert the_order(app).buyer_name == "Morgan Reed"


def test_an_order_without_email_waits_until_it_has_one(app: Flask, shop: Shop) -> None:
    answer = shop.tell("orders", ORDER | {"email": None})
    assert answer.status_code == 202
    assert answer.get_json()["detail"] == "Kept. It shows once we are told an email address."
    with rows(app) as reading:
        assert reading.scalars(select(Order)).all() == []
    assert shop.tell("orders", {"id": "1001", "email": "late@example.com"}).get_json()["outcome"] == "taken"
    assert the_order(app).customer.email == "late@example.com"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "a@example.com, b@example.com"}, "email: is not one email address such as name@example.com"),
        ({"email": ["a@example.com", "b@example.com"]}, "email: is not one email address such as name@example.com"),
        ({"email": "not an address"}, "email: is not one email address such as name@example.com"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "email: is not one email address such as name@example.com"),
        ({"placed_at": "0001-01-01T00:00:00Z"}, "placed_at: lies before the year 2000"),
        ({"placed_at": "2126-01-01T00:00:00Z"}, "placed_at: lies in the future"),
        ({"fulfilled_at": "9999-12-31T23:59:59-12:00"}, "fulfilled_at: lies in the future"),
        ({"placed_at": "2026-02-30T00:00:00Z"}, "placed_at: is a day or time that does not exist"),
        ({"placed_at": "2026-11-20T10:00:00"}, "placed_at: needs its time zone, such as Z or +01:00 at the end"),
        ({"placed_at": 1795435200}, 'placed_at: is no date and time such as "2026-11-23T14:05:00Z"'),
        ({"placed_at": "yesterday"}, 'placed_at: is no date and time such as "2026-11-23T14:05:00Z"'),
        ({"country": "Germany"}, "country: is no two-letter country code such as DE"),
        ({"time_zone": "Mars/Olympus"}, "time_zone: is no time zone such as Europe/Berlin"),
        ({"locale": "<b>"}, "locale: is no language tag such as de-AT"),
        ({"id": ""}, "id: is needed"),
        ({"id": None}, "id: Input should be a valid string"),
        ({"lines": [{"title": "No id"}]}, "lines.0.product_id: is needed"),
        (
            {"lines": [{"product_id": "p", "quantity": 0}]},
            "lines.0.quantity: Input should be greater than or equal to 1",
        ),
        (
            {"consent": {"basis": "because"}},
            "consent.basis: Input should be 'opt_in', 'existing_customer' or 'refused'",
        ),
    ],
)
def test_an_order_that_cannot_be_one_is_refused_with_the_reason(
    app: Flask, shop: Shop, change: dict[str, Any], words: str
) -> None:
    answer = shop.tell("orders", ORDER | change)
    assert (answer.status_code, answer.get_json()["detail"]) == (422, words)
    with rows(app) as reading:
        assert reading.scalars(select(Order)).all() == []
        assert reading.scalars(select(ShopFacts)).all() == []
        assert reading.scalars(select(CallbackEvent.outcome)).all() == [CallbackOutcome.REFUSED]


def test_an_order_of_ten_thousand_lines_is_refused(app: Flask, shop: Shop) -> None:
    answer = shop.tell("orders", ORDER | {"lines": [{"product_id": "p"}] * 10_000})
    assert answer.status_code == 422
    assert "at most 1000 items" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000, b"id=1", b'"text"', b"1"]
)
def test_a_body_that_is_no_order_is_refused_not_an_error(shop: Shop, body: bytes) -> None:
    assert shop.tell("orders", None, body=body or b" ").status_code == 422


def test_a_refused_event_may_be_sent_again_mended_under_its_id(app: Flask, shop: Shop) -> None:
    assert shop.tell("orders", ORDER | {"email": "nobody"}, event_id="e-1").status_code == 422
    assert shop.tell("orders", ORDER, event_id="e-1").status_code == 200
    assert the_order(app).number == "#1001"


def test_names_cannot_write_into_a_mails_head(app: Flask, shop: Shop) -> None:
    line = {"product_id": "p", "title": "Pack\r\nBcc: all@example.com"}
    shop.tell("orders", ORDER | {"name": "Morgan\r\nBcc: all@example.com\0", "number": "#1\n\n<b>", "lines": [line]})
    order = the_order(app)
    assert (order.buyer_name, order.number) == ("Morgan Bcc: all@example.com", "#1 <b>")
    assert order.lines[0].product.title == "Pack Bcc: all@example.com"


def test_a_product_posted_is_a_product_kept(app: Flask, shop: Shop) -> None:
    product = {
        "id": 200,
        "updated_at": "2026-11-20T10:00:00Z",
        "title": "Ridge Daypack",
        "handle": "Ridge Daypack",
        "description": "<p>A pack.</p>",
        "price": 89.5,
        "currency": "usd",
        "variants": [{"id": 201, "name": "Moss", "sku": "RDP-M"}],
    }
    assert shop.tell("products", product).get_json()["subject"] == "Ridge Daypack"
    with rows(app) as reading:
        kept = reading.scalars(select(Product)).one()
        assert (kept.shop_id, kept.handle, kept.description, kept.price_minor) == (
            "200",
            "ridge-daypack",
            "A pack.",
            8950,
        )
        assert [one.name for one in kept.variants] == ["Moss"]
        assert kept.needs_picture


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": "ask us"}, "price: is no price such as 89.00"),
        ({"price": "-1"}, "price: is no price such as 89.00"),
        ({"currency": "GOLD"}, "currency: is no currency code such as EUR"),
        ({"variants": [{"id": "1"}]}, "variants.0.name: is needed"),
    ],
)
def test_a_product_that_cannot_be_one_is_refused(shop: Shop, change: dict[str, Any], words: str) -> None:
    answer = shop.tell("products", {"id": "200", "title": "Pack"} | change)
    assert (answer.status_code, answer.get_json()["detail"]) == (422, words)


def test_an_order_names_a_product_before_the_product_comes(app: Flask, shop: Shop) -> None:
    shop.tell("orders", ORDER)
    variants = [{"id": "201", "name": "Moss"}, {"id": "202", "name": "Clay"}]
    shop.tell("products", {"id": "200", "title": "Ridge Daypack 22", "variants": variants})
    with rows(app) as reading:
        product = reading.scalars(select(Product)).one()
        assert (product.title, product.is_sketch) == ("Ridge Daypack 22", False)
        assert [one.name for one in product.variants] == ["Moss", "Clay"]


def test_a_variant_that_is_anothers_refuses_the_whole_product(app: Flask, shop: Shop) -> None:
    shop.tell("products", {"id": "1", "title": "One", "variants": [{"id": "v", "name": "Moss"}]})
    answer = shop.tell("products", {"id": "2", "title": "Two", "variants": [{"id": "v", "name": "Moss"}]})
    assert (answer.status_code, "belongs to another product" in answer.get_json()["detail"]) == (422, True)
    with rows(app) as reading:
        assert reading.scalars(select(Product.title)).all() == ["One"]
        assert reading.scalars(select(ShopFacts.shop_id)).all() == ["1"], "nothing of it is remembered"


def test_two_stores_take_the_same_ids_apart(app: Flask, shop: Shop, neighbour: Shop) -> None:
    for one in (shop, neighbour):
        assert one.tell("orders", ORDER, event_id="e-1").get_json()["outcome"] == "taken"
    with rows(app) as reading:
        assert len(reading.scalars(select(Order)).all()) == 2


def test_an_events_row_holds_neither_body_nor_buyer(app: Flask, shop: Shop) -> None:
    shop.tell("orders", ORDER)
    with rows(app) as reading:
        event = reading.scalars(select(CallbackEvent)).one()
        shown = " ".join(str(value) for value in vars(event).values()).lower()
        assert event.received_at == START
        assert "morgan" not in shown
