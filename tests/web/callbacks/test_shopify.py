from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.models.callback import CallbackEvent
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.product import Product
from tests.fakes.shop import Shop
from tests.web.callbacks.conftest import rows

ORDER: dict[str, Any] = {
    "id": 820982911946154500,
    "name": "#9999",
    "email": "jon@example.com",
    "created_at": "2026-11-10T11:00:00-05:00",
    "processed_at": "2026-11-10T11:00:00-05:00",
    "updated_at": "2026-11-10T11:00:00-05:00",
    "cancelled_at": None,
    "customer_locale": "en-CA",
    "financial_status": "paid",
    "fulfillment_status": None,
    "fulfillments": [],
    "refunds": [],
    "customer": {
        "first_name": "Jon",
        "last_name": "Snow",
        "email_marketing_consent": {
            "state": "subscribed",
            "opt_in_level": "confirmed_opt_in",
            "consent_updated_at": "2026-11-10T16:00:00Z",
        },
    },
    "shipping_address": {"name": "Jon Snow", "country_code": "CA"},
    "line_items": [
        {
            "id": 1,
            "product_id": 632910392,
            "title": "IPod Nano",
            "variant_id": 39072856,
            "variant_title": "Green",
            "sku": "IPOD-G",
            "quantity": 2,
        },
        {
            "id": 2,
            "product_id": 921728736,
            "title": "Touch",
            "variant_id": 447654529,
            "variant_title": "Default Title",
            "quantity": 1,
        },
        {"id": 3, "product_id": None, "title": "Tip", "quantity": 1},
    ],
}
FULFILLED = ORDER | {
    "updated_at": "2026-11-12T11:00:00-05:00",
    "fulfillment_status": "fulfilled",
    "fulfillments": [
        {"id": 1, "status": "success", "created_at": "2026-11-11T10:00:00-05:00", "shipment_status": None},
        {"id": 2, "status": "success", "created_at": "2026-11-12T10:00:00-05:00", "shipment_status": None},
        {"id": 3, "status": "cancelled", "created_at": "2026-11-12T10:30:00-05:00", "shipment_status": None},
    ],
}
CANCELLED = ORDER | {"updated_at": "2026-11-13T11:00:00-05:00", "cancelled_at": "2026-11-13T11:00:00-05:00"}
REFUND = {
    "id": 890088186047892300,
    "order_id": 820982911946154500,
    "created_at": "2026-11-14T11:00:00-05:00",
    "refund_line_items": [{"id": 1, "line_item_id": 1, "quantity": 1}],
}
PRODUCT: dict[str, Any] = {
    "id": 632910392,
    "title": "IPod Nano",
    "handle": "ipod-nano",
    "body_html": "<p>It's the small one.</p>",
    "status": "active",
    "updated_at": "2026-11-01T10:00:00-05:00",
    "variants": [{"id": 39072856, "title": "Green", "sku": "IPOD-G", "price": "199.00"}],
}


def orders(app: Flask) -> list[Order]:
    with rows(app) as reading:
        found = list(reading.scalars(select(Order)))
        for order in found:
            _ = order.customer.name, [(line.product.title, line.variant) for line in order.lines]
        return found


def test_an_order_comes_in(app: Flask, shop: Shop) -> None:
    assert shop.shopify("orders/create", ORDER).get_json()["outcome"] == "taken"
    order = orders(app)[0]
    assert (order.number, order.customer.email, order.buyer_name) == ("#9999", "jon@example.com", "Jon Snow")
    assert (order.country_code, order.locale) == ("CA", "en-CA")
    assert order.placed_at.isoformat() == "2026-11-10T16:00:00+00:00"
    assert order.consent_basis is ConsentBasis.OPT_IN
    assert order.consent_text == "Shopify: email marketing, subscribed, confirmed_opt_in"
    lines = [(line.product.shop_id, line.variant.name if line.variant else None, line.quantity) for line in order.lines]
    assert lines == [("632910392", "Green", 2), ("921728736", None, 1)]


def test_a_buyer_who_ticked_nothing_has_neither_agreed_nor_refused(app: Flask, shop: Shop) -> None:
    shop.shopify("orders/create", ORDER | {"customer": {"first_name": "Jon"}, "buyer_accepts_marketing": False})
    assert orders(app)[0].consent_basis is None


def test_an_order_is_fulfilled_when_its_last_parcel_left(app: Flask, shop: Shop) -> None:
    shop.shopify("orders/fulfilled", FULFILLED)
    order = orders(app)[0]
    assert order.fulfilled_at is not None
    assert order.fulfilled_at.isoformat() == "2026-11-12T15:00:00+00:00"
    assert order.delivered_at is None


def test_a_partly_fulfilled_order_is_not_fulfilled(app: Flask, shop: Shop) -> None:
    shop.shopify("orders/partially_fulfilled", FULFILLED | {"fulfillment_status": "partial"})
    assert orders(app)[0].fulfilled_at is None


def test_an_order_is_delivered_when_all_its_parcels_are(app: Flask, shop: Shop) -> None:
    parcels = [
        {
            "id": 1,
            "status": "success",
            "created_at": "2026-11-11T10:00:00Z",
            "shipment_status": "delivered",
            "updated_at": "2026-11-14T09:00:00Z",
        }
    ]
    shop.shopify("orders/updated", FULFILLED | {"fulfillments": parcels})
    assert str(orders(app)[0].delivered_at) == "2026-11-14 09:00:00+00:00"


def arrival(parcel: int, at: str, **changes: Any) -> dict[str, Any]:
    arrived = {"id": parcel, "order_id": ORDER["id"], "status": "success", "shipment_status": "delivered"}
    return arrived | {"updated_at": at} | changes


def test_an_order_is_delivered_when_the_last_of_its_parcels_says_so(app: Flask, shop: Shop) -> None:
    shop.shopify("orders/fulfilled", FULFILLED)
    first = arrival(1, "2026-11-15T09:00:00Z")
    on_its_way = shop.shopify("fulfillments/update", first | {"shipment_status": "in_transit"})
    assert on_its_way.get_json()["outcome"] == "ignored"
    shop.shopify("fulfillments/update", first)
    assert orders(app)[0].delivered_at is None, "the other parcel is on its way"
    shop.shopify("fulfillments/update", arrival(2, "2026-11-17T09:00:00Z"))
    shop.shopify("fulfillments/update", arrival(1, "2026-11-18T09:00:00Z"))
    assert str(orders(app)[0].delivered_at) == "2026-11-17 09:00:00+00:00"
    assert str(orders(app)[0].fulfilled_at) == "2026-11-12 15:00:00+00:00"


@pytest.mark.parametrize("is_told_first", [False, True])
def test_a_parcel_of_a_half_sent_order_delivers_neither_the_order_nor_its_rest(
    app: Flask, shop: Shop, is_told_first: bool
) -> None:
    half = FULFILLED | {"fulfillment_status": "partial", "fulfillments": FULFILLED["fulfillments"][:1]}
    parcel = arrival(1, "2026-11-13T09:00:00Z")
    events = [("orders/partially_fulfilled", half), ("fulfillments/update", parcel)]
    for topic, values in reversed(events) if is_told_first else events:
        shop.shopify(topic, values)
    order = orders(app)[0]
    assert (order.fulfilled_at, order.delivered_at) == (None, None)
    shop.shopify("orders/fulfilled", FULFILLED | {"updated_at": "2026-11-14T11:00:00-05:00"})
    assert orders(app)[0].fulfilled_at is not None
    assert orders(app)[0].delivered_at is None
    shop.shopify("fulfillments/update", arrival(2, "2026-11-16T09:00:00Z"))
    assert str(orders(app)[0].delivered_at) == "2026-11-16 09:00:00+00:00"


def test_a_parcel_that_was_cancelled_is_waited_for_by_nobody(app: Flask, shop: Shop) -> None:
    shop.shopify("orders/fulfilled", FULFILLED)
    for parcel in (1, 2):
        shop.shopify("fulfillments/update", arrival(parcel, f"2026-11-1{parcel + 4}T09:00:00Z"))
    assert str(orders(app)[0].delivered_at) == "2026-11-16 09:00:00+00:00", "parcel 3 never left"


def with_consent(state: str | None, at: str, **changes: Any) -> dict[str, Any]:
    marketing = None if state is None else {"state": state, "consent_updated_at": at}
    return ORDER | {"updated_at": at, "customer": {"email_marketing_consent": marketing}} | changes


@pytest.mark.parametrize("state", ["unsubscribed", "redacted"])
@pytest.mark.parametrize("turn", [1, -1])
def test_consent_that_was_taken_back_is_a_basis_no_more(app: Flask, shop: Shop, state: str, turn: int) -> None:
    """Shopify leaves the box of the old checkout ticked."""
    events = [
        with_consent("subscribed", "2026-11-10T16:00:00Z"),
        with_consent(state, "2026-11-12T16:00:00Z", buyer_accepts_marketing=True),
    ]
    for values in events[::turn]:
        shop.shopify("orders/updated", values)
    order = orders(app)[0]
    assert order.consent_basis is None
    assert order.consent_text == f"Shopify: email marketing, {state}"
    assert str(order.consent_at) == "2026-11-12 16:00:00+00:00"
    shop.shopify("orders/updated", with_consent("subscribed", "2026-11-13T16:00:00Z"))
    assert orders(app)[0].consent_basis is ConsentBasis.OPT_IN


@pytest.mark.parametrize(
    ("state", "basis"),
    [(None, ConsentBasis.OPT_IN), ("not_subscribed", None), ("pending", None), ("subscribed", ConsentBasis.OPT_IN)],
)
def test_where_shopify_tells_the_state_of_today_it_alone_decides(
    app: Flask, shop: Shop, state: str | None, basis: ConsentBasis | None
) -> None:
    shop.shopify("orders/create", with_consent(state, "2026-11-10T16:00:00Z", buyer_accepts_marketing=True))
    assert orders(app)[0].consent_basis is basis


def test_what_was_never_asked_takes_no_earlier_word_back(app: Flask, shop: Shop) -> None:
    shop.shopify("orders/create", ORDER)
    shop.shopify("orders/updated", with_consent("not_subscribed", "2026-11-12T16:00:00Z"))
    assert orders(app)[0].consent_basis is ConsentBasis.OPT_IN


@pytest.mark.parametrize("turn", range(4))
def test_out_of_order_ends_alike(app: Flask, shop: Shop, turn: int) -> None:
    events: list[tuple[str, Any]] = [
        ("orders/create", ORDER),
        ("orders/fulfilled", FULFILLED),
        ("orders/cancelled", CANCELLED),
        ("refunds/create", REFUND),
    ]
    for topic, values in events[turn:] + events[:turn] + events[:1]:
        assert shop.shopify(topic, values).status_code in {200, 202}
    order = orders(app)[0]
    assert str(order.cancelled_at) == "2026-11-13 16:00:00+00:00"
    assert str(order.fulfilled_at) == "2026-11-12 15:00:00+00:00"
    assert [line.refunded_quantity for line in order.lines] == [1, 0]


def test_a_refund_told_by_itself_and_within_its_order_counts_once(app: Flask, shop: Shop) -> None:
    shop.shopify("refunds/create", REFUND)
    shop.shopify("orders/updated", ORDER | {"refunds": [REFUND], "financial_status": "partially_refunded"})
    assert [line.refunded_quantity for line in orders(app)[0].lines] == [1, 0]


def test_a_fully_refunded_order_keeps_no_line(app: Flask, shop: Shop) -> None:
    shop.shopify("orders/updated", ORDER | {"financial_status": "refunded"})
    assert orders(app)[0].kept_lines == []


def test_the_same_delivery_twice_is_one_event(app: Flask, shop: Shop) -> None:
    for _ in range(2):
        shop.shopify("orders/create", ORDER, event_id="b54557e4")
        shop.shopify("orders/updated", FULFILLED)
    with rows(app) as reading:
        assert sorted(reading.scalars(select(CallbackEvent.times))) == [2, 2]


def test_an_order_of_the_till_without_email_is_kept_and_shopify_is_told_yes(app: Flask, shop: Shop) -> None:
    answer = shop.shopify("orders/create", ORDER | {"email": "", "contact_email": None, "customer": None})
    assert answer.status_code == 202
    assert orders(app) == []


def test_a_deleted_order_is_cancelled(app: Flask, shop: Shop) -> None:
    shop.shopify("orders/create", ORDER)
    shop.shopify("orders/delete", {"id": ORDER["id"]}, **{"X-Shopify-Triggered-At": "2026-11-20T10:00:00.123456789Z"})
    assert orders(app)[0].is_cancelled


def test_a_product_comes_in_is_changed_and_withdrawn(app: Flask, shop: Shop) -> None:
    shop.shopify("products/create", PRODUCT)
    shop.shopify("products/update", PRODUCT | {"title": "IPod", "updated_at": "2026-11-02T10:00:00-05:00"})
    with rows(app) as reading:
        product = reading.scalars(select(Product)).one()
        assert (product.title, product.handle, product.price_minor) == ("IPod", "ipod-nano", 19900)
        assert product.description == "It's the small one."
        assert [(one.shop_id, one.name) for one in product.variants] == [("39072856", "Green")]
    shop.shopify("products/delete", {"id": PRODUCT["id"]})
    shop.shopify("products/update", PRODUCT | {"title": "Late", "updated_at": "2026-11-03T10:00:00-05:00"})
    with rows(app) as reading:
        assert reading.scalars(select(Product)).one().withdrawn_at is not None


def test_an_archived_product_is_withdrawn_and_an_active_one_returns(app: Flask, shop: Shop) -> None:
    shop.shopify("products/create", PRODUCT | {"status": "archived"})
    with rows(app) as reading:
        assert reading.scalars(select(Product)).one().withdrawn_at is not None
    shop.shopify("products/update", PRODUCT | {"updated_at": "2026-11-04T10:00:00-05:00"})
    with rows(app) as reading:
        assert reading.scalars(select(Product)).one().withdrawn_at is None


@pytest.mark.parametrize("topic", ["carts/update", "", "orders/create\r\n", "x" * 5000])
def test_a_topic_we_have_no_use_for_is_answered_with_yes(shop: Shop, topic: str) -> None:
    answer = shop.shopify(topic.strip(), {"id": 1})
    assert answer.status_code in {200, 202}


@pytest.mark.parametrize(
    "values",
    [
        [],
        {},
        {"id": None},
        {"id": True},
        {"id": {}},
        {"id": 1, "line_items": "x", "customer": [], "refunds": {}},
        {"id": 1, "line_items": [{"product_id": 1}] * 2000},
        {"id": 1, "email": {"a": 1}, "created_at": 5},
        {"id": 1, "refunds": [{"refund_line_items": [{}]}]},
        {"id": 1, "line_items": [None, 1, {"product_id": {}}]},
        {"id": 1, "created_at": "0001-01-01T00:00:00Z", "updated_at": "9999-12-31T23:59:59Z"},
    ],
)
def test_whatever_shape_it_has_shopify_is_told_yes_and_the_merchant_why(app: Flask, shop: Shop, values: Any) -> None:
    answer = shop.shopify("orders/create", values)
    assert answer.status_code in {200, 202}
    assert answer.get_json()["detail"]
    assert orders(app) == []
