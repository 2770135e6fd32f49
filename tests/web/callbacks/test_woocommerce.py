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
    "id": 727,
    "number": "727",
    "status": "processing",
    "date_created_gmt": "2026-11-10T19:28:02",
    "date_modified_gmt": "2026-11-10T19:28:08",
    "date_completed_gmt": None,
    "billing": {"first_name": "Ana", "last_name": "Doe", "email": "ana@example.com", "country": "US"},
    "shipping": {"first_name": "Ana", "last_name": "Doe", "country": "FR"},
    "line_items": [
        {
            "id": 315,
            "name": "Woo Tee - Blue, L",
            "parent_name": "Woo Tee",
            "product_id": 93,
            "variation_id": 99,
            "quantity": 2,
            "sku": "TEE-BL",
        },
        {"id": 316, "name": "Mug", "parent_name": None, "product_id": 22, "variation_id": 0, "quantity": 1, "sku": ""},
    ],
    "refunds": [],
    "meta_data": [],
}
COMPLETED = ORDER | {
    "status": "completed",
    "date_modified_gmt": "2026-11-12T08:00:01",
    "date_completed_gmt": "2026-11-12T08:00:00",
}
PRODUCT: dict[str, Any] = {
    "id": 93,
    "name": "Woo Tee",
    "slug": "woo-tee",
    "type": "variable",
    "status": "publish",
    "description": "<p>A shirt.</p>\n",
    "short_description": "",
    "price": "21.99",
    "date_modified_gmt": "2026-11-01T10:00:00",
    "variations": [99],
}


def the_order(app: Flask) -> Order:
    with rows(app) as reading:
        order = reading.scalars(select(Order)).one()
        _ = order.customer.name, [(line.product.title, line.variant) for line in order.lines]
        return order


def test_an_order_comes_in(app: Flask, shop: Shop) -> None:
    assert shop.woocommerce("order.created", ORDER).get_json()["subject"] == "Order #727"
    order = the_order(app)
    assert (order.customer.email, order.buyer_name, order.country_code) == ("ana@example.com", "Ana Doe", "FR")
    assert order.placed_at.isoformat() == "2026-11-10T19:28:02+00:00"
    assert order.fulfilled_at is None
    lines = [(line.product.title, line.variant.name if line.variant else None, line.quantity) for line in order.lines]
    assert lines == [("Woo Tee", "Blue, L", 2), ("Mug", None, 1)]


def test_completed_is_fulfilled_even_when_told_first(app: Flask, shop: Shop) -> None:
    shop.woocommerce("order.updated", COMPLETED)
    shop.woocommerce("order.created", ORDER)
    assert str(the_order(app).fulfilled_at) == "2026-11-12 08:00:00+00:00"


def test_a_part_refund_names_no_line_and_a_full_one_all(app: Flask, shop: Shop) -> None:
    refunds = [{"id": 726, "reason": "", "total": "-10.00"}]
    shop.woocommerce("order.updated", COMPLETED | {"refunds": refunds})
    order = the_order(app)
    assert order.has_unnamed_refund
    assert len(order.kept_lines) == 2
    shop.woocommerce("order.updated", COMPLETED | {"refunds": refunds, "status": "refunded"})
    assert the_order(app).kept_lines == []


@pytest.mark.parametrize(
    ("topic", "values"), [("order.updated", COMPLETED | {"status": "cancelled"}), ("order.deleted", {"id": 727})]
)
def test_cancelled_and_deleted_orders_are_over(app: Flask, shop: Shop, topic: str, values: Any) -> None:
    shop.woocommerce("order.created", ORDER)
    shop.woocommerce(topic, values)
    assert the_order(app).is_cancelled


def test_an_order_paid_after_it_was_cancelled_is_alive_and_a_late_word_of_before_changes_nothing(
    app: Flask, shop: Shop
) -> None:
    shop.woocommerce("order.created", ORDER)
    over = COMPLETED | {"status": "cancelled", "date_modified_gmt": "2026-11-20T10:00:00"}
    shop.woocommerce("order.updated", over)
    shop.woocommerce("order.updated", COMPLETED | {"date_modified_gmt": "2026-11-21T10:00:00"})
    assert not the_order(app).is_cancelled
    shop.woocommerce("order.updated", over | {"number": "later"}, event_id="late")
    assert not the_order(app).is_cancelled


def test_the_words_a_checkout_kept_are_the_proof_of_consent(app: Flask, shop: Shop) -> None:
    meta = [
        {"id": 1, "key": "_other", "value": {"a": 1}},
        {"id": 2, "key": "review_consent", "value": "Ask me"},
    ]
    shop.woocommerce("order.created", ORDER | {"meta_data": meta})
    order = the_order(app)
    assert (order.consent_basis, order.consent_text) == (ConsentBasis.OPT_IN, "Ask me")


def test_a_basket_is_no_order_yet(app: Flask, shop: Shop) -> None:
    answer = shop.woocommerce("order.created", ORDER | {"status": "checkout-draft"})
    assert answer.get_json()["outcome"] == "ignored"


def test_a_product_comes_in_and_keeps_the_variants_its_orders_named(app: Flask, shop: Shop) -> None:
    shop.woocommerce("order.created", ORDER)
    shop.woocommerce("product.updated", PRODUCT)
    with rows(app) as reading:
        product = reading.scalars(select(Product).where(Product.shop_id == "93")).one()
        assert (product.handle, product.price_minor, product.description) == ("woo-tee", 2199, "A shirt.")
        assert [one.name for one in product.variants] == ["Blue, L"]


def test_a_deleted_product_is_withdrawn_and_may_be_restored_and_deleted_again(app: Flask, shop: Shop) -> None:
    def withdrawn() -> bool:
        with rows(app) as reading:
            return reading.scalars(select(Product)).one().withdrawn_at is not None

    shop.woocommerce("product.created", PRODUCT)
    shop.woocommerce("product.deleted", {"id": 93}, event_id="d-1")
    assert withdrawn()
    shop.clock.advance(hours=1)
    back = PRODUCT | {"date_modified_gmt": shop.clock().strftime("%Y-%m-%dT%H:%M:%S")}
    shop.woocommerce("product.restored", back)
    assert not withdrawn()
    shop.clock.advance(hours=1)
    shop.woocommerce("product.deleted", {"id": 93}, event_id="d-1")
    assert not withdrawn(), "the same delivery again"
    shop.woocommerce("product.deleted", {"id": 93}, event_id="d-2")
    assert withdrawn()


def test_variations_and_drafts_are_not_products(app: Flask, shop: Shop) -> None:
    for change in ({"type": "variation"}, {"status": "draft"}):
        assert shop.woocommerce("product.created", PRODUCT | change).get_json()["outcome"] == "ignored"


def test_two_orders_changed_in_one_second_are_two_events_though_woocommerce_gives_them_one_id(
    app: Flask, shop: Shop
) -> None:
    """Its id is made of the webhook and the second."""
    for number in (727, 728):
        answer = shop.woocommerce("order.created", ORDER | {"id": number}, event_id="of-this-second")
        assert answer.get_json()["outcome"] == "taken"
    with rows(app) as reading:
        assert sorted(reading.scalars(select(Order.shop_id))) == ["727", "728"]
    shop.woocommerce("order.updated", COMPLETED, event_id="of-the-next")
    shop.woocommerce("order.updated", COMPLETED | {"status": "cancelled"}, event_id="of-the-next")
    with rows(app) as reading:
        changed = reading.scalars(select(Order).where(Order.shop_id == "727")).one()
        assert (changed.fulfilled_at is not None, changed.is_cancelled) == (True, True)


def test_the_same_body_again_is_one_effect_whatever_id_it_comes_under(app: Flask, shop: Shop) -> None:
    outcomes = [
        shop.woocommerce("order.created", ORDER, event_id=event_id).get_json()["outcome"]
        for event_id in ("d-1", "d-1", "d-2")
    ]
    assert outcomes == ["taken", "taken", "nothing_new"]
    with rows(app) as reading:
        assert sorted(reading.scalars(select(CallbackEvent.times))) == [1, 2]
        assert len(reading.scalars(select(Order)).all()) == 1


def test_a_delivery_is_known_by_its_id_or_by_what_it_says(app: Flask, shop: Shop) -> None:
    shop.woocommerce("order.created", ORDER, event_id="d-1")
    shop.woocommerce("order.created", ORDER, event_id="d-1")
    shop.woocommerce("order.created", ORDER)
    shop.woocommerce("order.created", ORDER)
    with rows(app) as reading:
        assert sorted((row.times, row.outcome) for row in reading.scalars(select(CallbackEvent))) == [
            (2, "nothing_new"),
            (2, "taken"),
        ]


@pytest.mark.parametrize("values", [[], {}, {"id": "x" * 500, "billing": None, "line_items": [[]]}, {"id": -1}])
def test_whatever_shape_it_has_woocommerce_is_told_yes(shop: Shop, values: Any) -> None:
    answer = shop.woocommerce("order.created", values)
    assert answer.status_code in {200, 202}
