"""What Shopify's webhooks say, field by field; the door has its own tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.integrations.shopify.topics import TOPICS, Report, report_of
from reviews_app.models.order import ConsentBasis
from reviews_app.models.order_report import (
    Consent,
    OrderReport,
    Parcel,
    ProductReport,
    Refund,
    ReportedVariant,
    ReportRefused,
)
from reviews_app.models.privacy_report import PrivacyReport, PrivacyWish

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SENT = NOW - timedelta(minutes=1)
MONDAY, TUESDAY = "2026-11-16T10:00:00-05:00", "2026-11-17T10:00:00-05:00"
MONDAY_UTC, TUESDAY_UTC = datetime(2026, 11, 16, 15, tzinfo=UTC), datetime(2026, 11, 17, 15, tzinfo=UTC)
ORDER_TOPICS = [topic for topic in TOPICS if topic.startswith("orders/")]


def report(topic: str, **values: Any) -> Report | None:
    return report_of(topic, {"id": 5001} | values, sent_at=SENT, now=NOW)


def order(**values: Any) -> OrderReport:
    found = report("orders/updated", **values)
    assert isinstance(found, OrderReport)
    return found


def product(**values: Any) -> ProductReport:
    found = report("products/update", **values)
    assert isinstance(found, ProductReport)
    return found


def parcel(**values: Any) -> OrderReport | None:
    found = report("fulfillments/update", order_id=5001, **values)
    assert found is None or isinstance(found, OrderReport)
    return found


@pytest.mark.parametrize("topic", ["", "carts/update", "ORDERS/CREATE", "orders/create ", "customers/update"])
def test_a_topic_we_have_no_use_for_says_nothing(topic: str) -> None:
    assert report(topic) is None


@pytest.mark.parametrize("topic", [one for one in TOPICS if one.startswith(("orders", "products"))])
def test_every_topic_needs_the_id_of_what_it_is_about(topic: str) -> None:
    with pytest.raises(ReportRefused, match="id: is needed"):
        report_of(topic, {"name": "#1"}, sent_at=SENT, now=NOW)


@pytest.mark.parametrize("topic", ["refunds/create", "fulfillments/update"])
def test_a_refund_and_a_parcel_need_their_orders_id(topic: str) -> None:
    with pytest.raises(ReportRefused, match="order_id: is needed"):
        report(topic, shipment_status="delivered")


def test_an_order_that_says_only_its_id_takes_nothing_back() -> None:
    found = order()
    assert (found.shop_id, found.as_of) == ("5001", SENT)
    assert (found.number, found.email, found.name, found.country_code, found.locale) == (None,) * 5
    assert (found.placed_at, found.fulfilled_at, found.delivered_at, found.cancelled_at) == (None,) * 4
    assert (found.consent, found.lines, found.refunds, found.is_refunded) == (None, (), (), False)


def test_nulls_everywhere_are_as_good_as_silence() -> None:
    names = ["name", "email", "contact_email", "customer", "shipping_address", "billing_address", "line_items"]
    more = ["refunds", "fulfillments", "processed_at", "created_at", "updated_at", "customer_locale"]
    assert order(**dict.fromkeys(names + more)) == order()


def test_what_was_processed_counts_as_the_day_of_the_order_else_when_it_was_made() -> None:
    assert order(created_at=MONDAY, processed_at=TUESDAY).placed_at == TUESDAY_UTC
    assert order(created_at=TUESDAY, processed_at=None).placed_at == TUESDAY_UTC
    assert order(created_at=TUESDAY, processed_at="soon").placed_at == TUESDAY_UTC


@pytest.mark.parametrize(
    "values",
    [
        {"email": "jon@example.com", "contact_email": "other@example.com"},
        {"email": "", "contact_email": "jon@example.com"},
        {"email": None, "contact_email": "none", "customer": {"email": "jon@example.com"}},
        {"email": "Jon <jon@example.com>", "customer": {"email": "jon@example.com"}},
    ],
)
def test_the_first_field_that_holds_an_address_is_the_buyers(values: dict[str, Any]) -> None:
    assert order(**values).email == "jon@example.com"


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"customer": {"first_name": "Jon", "last_name": "Snow"}, "shipping_address": {"name": "Sam"}}, "Jon Snow"),
        ({"customer": {"first_name": None, "last_name": "Snow"}}, "Snow"),
        ({"customer": {"first_name": "", "last_name": " "}, "shipping_address": {"name": "Sam"}}, "Sam"),
        ({"customer": "Jon", "billing_address": {"name": "Bran"}}, "Bran"),
        ({"customer": {"first_name": "\u202eJon\u0000", "last_name": "Sno\u0308w"}}, "Jon Sn\u00f6w"),
        ({"customer": {}}, None),
    ],
)
def test_the_buyers_name_is_the_customers_else_the_parcels_else_the_bills(
    values: dict[str, Any], name: str | None
) -> None:
    assert order(**values).name == name


def test_the_parcels_country_counts_before_the_bills() -> None:
    assert order(shipping_address={"country_code": "ca"}, billing_address={"country_code": "US"}).country_code == "CA"
    assert order(shipping_address={"country_code": None}, billing_address={"country_code": "US"}).country_code == "US"


def test_a_tip_or_a_gift_card_without_a_product_is_no_line() -> None:
    items = [{"id": 1, "product_id": None}, {"id": 2, "product_id": 0}, {"id": 3}, {"id": 4, "product_id": 77}]
    assert [(line.shop_id, line.product_id) for line in order(line_items=items).lines or ()] == [("4", "77")]


@pytest.mark.parametrize(("said", "quantity"), [(2, 2), (0, 1), (-4, 1), (None, 1), ("2", 1), (10**9, 100_000)])
def test_a_line_is_of_one_piece_at_least(said: Any, quantity: int) -> None:
    lines = order(line_items=[{"id": 1, "product_id": 7, "quantity": said}]).lines
    assert lines is not None
    assert lines[0].quantity == quantity


@pytest.mark.parametrize("title", ["Default Title", "", None, False])
def test_a_product_of_one_kind_has_no_variant(title: Any) -> None:
    lines = order(line_items=[{"id": 1, "product_id": 7, "variant_id": 8, "variant_title": title}]).lines
    assert lines is not None
    assert (lines[0].variant_id, lines[0].variant) == ("", "")


def fulfilled(*parcels: Any) -> OrderReport:
    return order(updated_at=TUESDAY, fulfillment_status="fulfilled", fulfillments=list(parcels))


def test_an_order_left_on_the_day_of_its_last_parcel() -> None:
    assert fulfilled({"created_at": TUESDAY}, {"created_at": MONDAY}).fulfilled_at == TUESDAY_UTC


@pytest.mark.parametrize("status", ["cancelled", "error", "failure"])
def test_a_parcel_that_did_not_leave_counts_for_nothing(status: str) -> None:
    found = fulfilled({"created_at": MONDAY, "status": "success"}, {"created_at": TUESDAY, "status": status})
    assert found.fulfilled_at == TUESDAY_UTC - timedelta(days=1)


@pytest.mark.parametrize("status", [None, "", "success", "pending", [], {}, 5, ["cancelled"]])
def test_a_parcel_whose_state_is_no_word_for_failing_counts(status: Any) -> None:
    assert fulfilled({"created_at": MONDAY, "status": status}).fulfilled_at == TUESDAY_UTC - timedelta(days=1)


def test_an_order_without_a_day_for_its_parcels_left_when_it_changed_last() -> None:
    assert fulfilled().fulfilled_at == TUESDAY_UTC
    assert fulfilled({"created_at": None}).fulfilled_at == TUESDAY_UTC


@pytest.mark.parametrize("status", [None, "partial", "restocked", "FULFILLED", True, ["fulfilled"]])
def test_an_order_is_fulfilled_only_when_shopify_says_so(status: Any) -> None:
    found = order(fulfillment_status=status, fulfillments=[{"created_at": MONDAY, "shipment_status": "delivered"}])
    assert (found.fulfilled_at, found.delivered_at) == (None, None)


def test_an_order_names_each_of_its_parcels_and_when_it_arrived() -> None:
    first = {"id": 1, "updated_at": MONDAY, "shipment_status": "delivered"}
    second = {"id": 2, "updated_at": TUESDAY, "shipment_status": "delivered"}
    arrived = Parcel("1", MONDAY_UTC), Parcel("2", TUESDAY_UTC)
    assert fulfilled(first, second).parcels == arrived
    assert fulfilled(first, second | {"shipment_status": "in_transit"}).parcels == (arrived[0], Parcel("2"))
    assert fulfilled(first, second | {"shipment_status": None}).parcels == (arrived[0], Parcel("2"))
    assert fulfilled(first, second | {"status": "cancelled", "shipment_status": None}).parcels == arrived[:1]
    assert fulfilled(first | {"id": None}, second | {"id": None}).parcels == (
        Parcel("#1", MONDAY_UTC),
        Parcel("#2", TUESDAY_UTC),
    )
    assert fulfilled().parcels is None


def test_a_ticked_box_is_consent_with_its_proof() -> None:
    ticked = {"state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": TUESDAY}
    found = order(processed_at=MONDAY, customer={"email_marketing_consent": ticked}).consent
    words = "Shopify: email marketing, subscribed, single_opt_in"
    assert found == Consent(ConsentBasis.OPT_IN, words, TUESDAY_UTC)


def test_consent_without_a_moment_is_of_the_day_of_the_order() -> None:
    ticked = {"state": "subscribed", "opt_in_level": None, "consent_updated_at": None}
    found = order(processed_at=TUESDAY, customer={"email_marketing_consent": ticked}).consent
    assert found == Consent(ConsentBasis.OPT_IN, "Shopify: email marketing, subscribed, unknown level", TUESDAY_UTC)


@pytest.mark.parametrize("state", ["unsubscribed", "redacted"])
def test_what_was_taken_back_is_told_without_a_basis_whatever_the_older_field_says(state: str) -> None:
    marketing = {"state": state, "consent_updated_at": TUESDAY}
    found = order(processed_at=MONDAY, buyer_accepts_marketing=True, customer={"email_marketing_consent": marketing})
    assert found.consent == Consent(None, f"Shopify: email marketing, {state}", TUESDAY_UTC)


@pytest.mark.parametrize("state", ["not_subscribed", "pending", "invalid"])
def test_the_newer_field_alone_counts_where_it_is_told(state: str) -> None:
    assert order(buyer_accepts_marketing=True, customer={"email_marketing_consent": {"state": state}}).consent is None


def test_a_buyer_to_forget_is_named_by_address_and_orders() -> None:
    customer = {"id": 9, "email": " Ana@Example.com "}
    found = report("customers/redact", customer=customer, orders_to_redact=[5001, "5002", 0, None, {}])
    assert found == PrivacyReport(PrivacyWish.ERASE_PERSON, "Ana@Example.com", ("5001", "5002"))
    assert report("customers/redact", customer={"id": 9}) is None
    assert report("customers/data_request", customer=customer) == PrivacyReport(
        PrivacyWish.TELL_PERSON, "Ana@Example.com"
    )
    assert report("customers/data_request", orders_requested=[5001]) is None
    assert report("shop/redact") == PrivacyReport(PrivacyWish.ERASE_SHOP)


def test_the_older_field_counts_where_the_newer_is_missing() -> None:
    found = order(processed_at=TUESDAY, buyer_accepts_marketing=True).consent
    assert found == Consent(ConsentBasis.OPT_IN, "Shopify: buyer accepts marketing", TUESDAY_UTC)


@pytest.mark.parametrize("state", ["not_subscribed", "pending", "invalid", None, [], True])
def test_any_other_state_is_neither_consent_nor_refusal(state: Any) -> None:
    assert order(customer={"email_marketing_consent": {"state": state}}).consent is None


@pytest.mark.parametrize("said", [False, None, "true", 1, "yes"])
def test_only_a_plain_yes_is_one(said: Any) -> None:
    assert order(buyer_accepts_marketing=said).consent is None


def test_the_refunds_within_an_order_are_told_by_their_lines() -> None:
    first = {"id": 1, "refund_line_items": [{"line_item_id": 11, "quantity": 2}, {"line_item_id": 12, "quantity": 1}]}
    second = {"id": 2, "refund_line_items": [{"line_item_id": 11, "quantity": 1}]}
    assert order(refunds=[first, second]).refunds == (Refund("1", "11", 2), Refund("1", "12", 1), Refund("2", "11", 1))


@pytest.mark.parametrize(
    "item", [{"line_item_id": None, "quantity": 1}, {"line_item_id": 11, "quantity": 0}, {"line_item_id": 11}, {}, "x"]
)
def test_money_for_shipping_gives_no_line_back(item: Any) -> None:
    assert order(refunds=[{"id": 1, "refund_line_items": [item]}]).refunds == ()


def test_a_refund_alone_is_a_report_about_its_order() -> None:
    items = [{"line_item_id": 11, "quantity": 1}]
    found = report("refunds/create", order_id=77, created_at=MONDAY, processed_at=TUESDAY, refund_line_items=items)
    assert found == OrderReport(shop_id="77", as_of=TUESDAY_UTC, refunds=(Refund("5001", "11", 1),))


def test_only_the_word_refunded_gives_everything_back() -> None:
    assert order(financial_status="refunded").is_refunded
    for other in ("partially_refunded", "paid", None, True, ["refunded"]):
        assert not order(financial_status=other).is_refunded


def test_a_parcel_alone_tells_when_it_arrived() -> None:
    found = parcel(shipment_status="delivered", updated_at=TUESDAY)
    arrived = Parcel("5001", TUESDAY_UTC)
    assert found == OrderReport(shop_id="5001", as_of=TUESDAY_UTC, arrivals=(arrived,))


@pytest.mark.parametrize("status", ["in_transit", "out_for_delivery", "failure", None, True, []])
def test_a_parcel_that_has_not_arrived_says_nothing(status: Any) -> None:
    assert parcel(shipment_status=status, updated_at=TUESDAY) is None


def test_a_parcel_without_a_moment_arrived_when_that_was_told() -> None:
    found = parcel(shipment_status="delivered", updated_at="2099-01-01T00:00:00Z")
    assert found is not None
    assert (found.as_of, found.arrivals) == (SENT, (Parcel("5001", SENT),))


@pytest.mark.parametrize(
    ("said", "is_alive"),
    [
        ({"cancelled_at": None}, True),
        ({}, False),
        ({"cancelled_at": "2026-11-13T11:00:00-05:00"}, False),
        ({"cancelled_at": ""}, False),
        ({"cancelled_at": 0}, False),
        ({"cancelled_at": []}, False),
    ],
)
def test_an_order_that_says_it_was_never_cancelled_is_alive(said: dict[str, Any], is_alive: bool) -> None:
    assert order(**said).is_alive is is_alive


def test_a_deleted_order_is_cancelled_when_that_was_told() -> None:
    assert report("orders/delete") == OrderReport(shop_id="5001", as_of=SENT, cancelled_at=SENT)


def test_a_deleted_product_leaves_the_shop() -> None:
    assert report("products/delete") == ProductReport(shop_id="5001", as_of=SENT, is_withdrawn=True)


def test_a_product_is_told_with_its_kinds_and_the_first_ones_price() -> None:
    kinds = [
        {"id": 1, "title": "Green", "sku": "G", "price": "19.50"},
        {"id": 2, "title": "Default Title", "price": "1.00"},
        {"id": None, "title": "Lost"},
        {"id": 4, "title": None},
        {"id": 5, "title": "Blue"},
    ]
    found = product(
        title=" IPod\nNano ", handle="ipod-nano", body_html="<p>Small &amp; <i>light</i>.</p>", variants=kinds
    )
    assert (found.title, found.handle, found.description) == ("IPod Nano", "ipod-nano", "Small & light.")
    assert found.price == "19.50"
    assert found.variants == (ReportedVariant("1", "Green", "G"), ReportedVariant("5", "Blue", ""))


def test_a_product_without_kinds_has_no_price() -> None:
    assert (product().price, product(variants=[]).price, product(variants=[{"price": None}]).price) == (None,) * 3


@pytest.mark.parametrize(
    ("status", "is_withdrawn"),
    [("active", False), (None, False), ("", False), ([], False), ("draft", True), ("archived", True)],
)
def test_a_product_is_out_of_sale_when_shopify_says_so_and_not_when_it_says_nothing(
    status: Any, *, is_withdrawn: bool
) -> None:
    assert product(status=status).is_withdrawn is is_withdrawn
    assert not product().is_withdrawn


@pytest.mark.parametrize("body", [["<p>x</p>"], {"html": "x"}, 12, True, None])
def test_a_description_of_another_kind_than_text_is_left_out(body: Any) -> None:
    assert product(body_html=body).description is None


LEAVES = st.none() | st.booleans() | st.integers(-5, 10**12) | st.text(max_size=6) | st.sampled_from([MONDAY, "active"])
SHAPES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "status"]), inner)
)
NAMES = ["id", "order_id", "status", "title", "variants", "line_items", "refunds", "fulfillments", "fulfillment_status"]
MORE = ["customer", "shipping_address", "body_html", "shipment_status", "financial_status", "processed_at", "email"]


@settings(deadline=None, max_examples=60)
@given(topic=st.sampled_from(list(TOPICS)), values=st.dictionaries(st.sampled_from(NAMES + MORE), SHAPES, max_size=8))
def test_a_payload_of_any_shape_is_read_or_refused_in_words(topic: str, values: dict[str, Any]) -> None:
    try:
        found = report_of(topic, {"fulfillment_status": "fulfilled"} | values, sent_at=SENT, now=NOW)
    except ReportRefused as refused:
        assert "is needed" in str(refused)
    else:
        assert found is None or isinstance(found, PrivacyReport) or found.as_of <= NOW + timedelta(days=1)


@pytest.mark.parametrize("topic", ORDER_TOPICS)
def test_fields_we_never_heard_of_change_nothing(topic: str) -> None:
    assert report(topic, note_attributes=[{"name": "x"}], presentment_currency="EUR") == report(topic)
