"""What WooCommerce's webhooks say, field by field; the door has its own tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.integrations.woocommerce.topics import DRAFTS, TOPICS, report_of
from reviews_app.models.order import ConsentBasis
from reviews_app.models.order_report import Consent, OrderReport, ProductReport, ReportRefused

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SENT = NOW - timedelta(minutes=1)
MONDAY, TUESDAY = "2026-11-16T10:00:00", "2026-11-17T10:00:00"
MONDAY_UTC, TUESDAY_UTC = datetime(2026, 11, 16, 10, tzinfo=UTC), datetime(2026, 11, 17, 10, tzinfo=UTC)


def report(topic: str, **values: Any) -> OrderReport | ProductReport | None:
    return report_of(topic, {"id": 727} | values, sent_at=SENT, now=NOW)


def order(**values: Any) -> OrderReport:
    found = report("order.updated", **values)
    assert isinstance(found, OrderReport)
    return found


def product(**values: Any) -> ProductReport:
    found = report("product.updated", **values)
    assert isinstance(found, ProductReport)
    return found


@pytest.mark.parametrize("topic", ["", "coupon.created", "Order.Created", "order.updated ", "action.woocommerce_x"])
def test_a_topic_we_have_no_use_for_says_nothing(topic: str) -> None:
    assert report(topic) is None


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_needs_the_id_of_what_it_is_about(topic: str) -> None:
    with pytest.raises(ReportRefused, match="id: is needed"):
        report_of(topic, {"number": "1"}, sent_at=SENT, now=NOW)


def test_an_order_that_says_only_its_id_takes_nothing_back() -> None:
    found = order()
    assert (found.shop_id, found.as_of) == ("727", SENT)
    assert (found.number, found.email, found.name, found.country_code, found.placed_at) == (None,) * 5
    assert (found.fulfilled_at, found.delivered_at, found.cancelled_at, found.consent) == (None,) * 4
    assert (found.lines, found.is_refunded, found.has_unnamed_refund) == ((), False, False)


def test_its_moments_are_utc_though_they_do_not_say_so() -> None:
    found = order(date_created_gmt=MONDAY, date_modified_gmt=TUESDAY)
    assert (found.placed_at, found.as_of) == (MONDAY_UTC, TUESDAY_UTC)


def test_the_shops_own_clock_is_not_read() -> None:
    found = order(date_created=MONDAY, date_modified=TUESDAY, date_completed=TUESDAY, status="completed")
    assert (found.placed_at, found.as_of, found.fulfilled_at) == (None, SENT, SENT)


@pytest.mark.parametrize(
    ("number", "shown"), [("727", "#727"), (727, "#727"), ("A-1", "#A-1"), ("", None), (None, None)]
)
def test_the_number_is_shown_as_buyers_read_it(number: Any, shown: str | None) -> None:
    assert order(number=number).number == shown


def test_the_parcels_country_counts_before_the_bills() -> None:
    assert order(shipping={"country": "ca"}, billing={"country": "US"}).country_code == "CA"
    assert order(shipping={"country": ""}, billing={"country": "US"}).country_code == "US"


@pytest.mark.parametrize(
    ("billing", "name"),
    [
        ({"first_name": "Jon", "last_name": "Snow"}, "Jon Snow"),
        ({"first_name": "Jon"}, "Jon"),
        ({"last_name": "Snow", "first_name": None}, "Snow"),
        ({"first_name": " ", "last_name": ""}, None),
        ([], None),
        ("Jon Snow", None),
    ],
)
def test_the_buyers_name_is_the_bills(billing: Any, name: str | None) -> None:
    assert order(billing=billing).name == name


@pytest.mark.parametrize("status", sorted(DRAFTS))
def test_a_basket_is_no_order_yet(status: str) -> None:
    assert report("order.created", status=status) is None


@pytest.mark.parametrize("status", [None, [], {}, ["draft"], 5, True])
def test_a_state_that_is_no_word_says_nothing(status: Any) -> None:
    found = order(status=status, date_completed_gmt=MONDAY)
    assert (found.fulfilled_at, found.cancelled_at, found.is_refunded) == (None, None, False)


def test_completed_is_fulfilled_on_that_day_else_when_it_changed() -> None:
    assert order(status="completed", date_completed_gmt=MONDAY, date_modified_gmt=TUESDAY).fulfilled_at == MONDAY_UTC
    assert order(status="completed", date_modified_gmt=TUESDAY).fulfilled_at == TUESDAY_UTC


@pytest.mark.parametrize("status", ["processing", "pending", "on-hold", "failed", "my-own-state"])
def test_other_states_neither_fulfil_nor_cancel(status: str) -> None:
    found = order(status=status, date_completed_gmt=MONDAY)
    assert (found.fulfilled_at, found.cancelled_at) == (None, None)


@pytest.mark.parametrize("status", ["cancelled", "trash"])
def test_a_cancelled_order_is_over_since_it_changed(status: str) -> None:
    assert order(status=status, date_modified_gmt=TUESDAY).cancelled_at == TUESDAY_UTC


@pytest.mark.parametrize(
    ("status", "is_alive"),
    [
        *((status, True) for status in ("processing", "completed")),
        *((status, False) for status in ("on-hold", "pending", "cancelled", "trash", "refunded", None, ["completed"])),
    ],
)
def test_who_paid_has_an_order_that_is_alive(status: Any, is_alive: bool) -> None:
    assert order(status=status).is_alive is is_alive


def test_a_part_refund_names_no_line_and_a_whole_one_is_all() -> None:
    part = order(status="completed", refunds=[{"id": 1, "total": "-5.00"}])
    whole = order(status="refunded", refunds=[{"id": 1, "total": "-50.00"}])
    assert (part.has_unnamed_refund, part.is_refunded) == (True, False)
    assert (whole.has_unnamed_refund, whole.is_refunded) == (False, True)
    assert not order(refunds=[None, "x"]).has_unnamed_refund


def line(**values: Any) -> Any:
    lines = order(line_items=[{"id": 1, "product_id": 93} | values]).lines
    assert lines is not None
    return lines[0]


def test_a_variation_is_called_by_what_follows_its_parents_name() -> None:
    found = line(name="Ridge Pack - Green, L", parent_name="Ridge Pack", variation_id=94, sku="RP-G")
    assert (found.title, found.variant_id, found.variant, found.sku) == ("Ridge Pack", "94", "Green, L", "RP-G")


def test_a_plain_product_has_no_variant() -> None:
    found = line(name="Ridge Pack", parent_name=None, variation_id=0)
    assert (found.title, found.variant_id, found.variant) == ("Ridge Pack", "", "")


def test_a_variation_without_its_parents_name_is_known_by_its_id_alone() -> None:
    found = line(name="Ridge Pack - Green", variation_id=94)
    assert (found.title, found.variant_id, found.variant) == ("Ridge Pack - Green", "94", "")


def test_a_fee_without_a_product_is_no_line() -> None:
    items = [{"id": 1, "product_id": 0}, {"id": 2}, {"id": 3, "product_id": 93, "quantity": 2}]
    assert [(one.shop_id, one.quantity) for one in order(line_items=items).lines or ()] == [("3", 2)]


def test_the_words_a_checkout_kept_are_consent_of_the_day_of_the_order() -> None:
    kept = [{"key": "other", "value": "no"}, {"key": "review_consent", "value": " Yes,\n ask me "}]
    found = order(date_created_gmt=MONDAY, meta_data=kept).consent
    assert found == Consent(ConsentBasis.OPT_IN, "Yes, ask me", MONDAY_UTC)


@pytest.mark.parametrize("value", ["", "  ", None, False, True, [], {"a": 1}])
def test_a_consent_field_without_words_is_none(value: Any) -> None:
    assert order(meta_data=[{"key": "review_consent", "value": value}]).consent is None


def test_only_the_first_field_of_consent_counts() -> None:
    kept = [{"key": "review_consent", "value": ""}, {"key": "review_consent", "value": "Yes"}]
    assert order(meta_data=kept).consent is None


@pytest.mark.parametrize("kept", [None, "x", {"key": "review_consent", "value": "Yes"}, [["review_consent", "Yes"]]])
def test_fields_kept_in_another_shape_are_no_consent(kept: Any) -> None:
    assert order(meta_data=kept).consent is None


def test_a_deleted_order_is_cancelled_and_a_deleted_product_withdrawn() -> None:
    assert report("order.deleted") == OrderReport(shop_id="727", as_of=SENT, cancelled_at=SENT)
    assert report("product.deleted") == ProductReport(shop_id="727", as_of=SENT, is_withdrawn=True)


def test_a_product_is_told_with_what_its_page_says() -> None:
    found = product(name="Ridge Pack", slug="ridge-pack", price="89", description="<p>Light.</p>", status="publish")
    assert (found.title, found.handle, found.price, found.description) == ("Ridge Pack", "ridge-pack", "89", "Light.")
    assert (found.variants, found.is_withdrawn) == (None, False)


@pytest.mark.parametrize("long", ["", None, [], {}, 5, "<p></p>"])
def test_the_short_description_stands_in_for_a_missing_long_one(long: Any) -> None:
    assert product(description=long, short_description="<p>In\nshort.</p>").description == "In\nshort."
    assert product(description=long, short_description={"html": "x"}).description is None


@pytest.mark.parametrize(
    ("status", "is_withdrawn"),
    [
        ("publish", False),
        (None, False),
        ("", False),
        ([], False),
        ("private", True),
        ("trash", True),
        ("pending", True),
    ],
)
def test_a_product_is_out_of_sale_when_the_shop_says_so_and_not_when_it_says_nothing(
    status: Any, *, is_withdrawn: bool
) -> None:
    assert product(status=status).is_withdrawn is is_withdrawn
    assert not product().is_withdrawn


@pytest.mark.parametrize("values", [{"type": "variation"}, *({"status": one} for one in sorted(DRAFTS))])
def test_variations_and_drafts_are_no_products(values: dict[str, Any]) -> None:
    assert report("product.updated", **values) is None


LEAVES = st.none() | st.booleans() | st.integers(-5, 10**12) | st.text(max_size=6) | st.sampled_from([MONDAY, "draft"])
SHAPES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["key", "value", "id"]), inner)
)
NAMES = ["id", "status", "type", "number", "billing", "shipping", "line_items", "refunds", "meta_data", "description"]


@settings(deadline=None, max_examples=60)
@given(topic=st.sampled_from(list(TOPICS)), values=st.dictionaries(st.sampled_from(NAMES), SHAPES, max_size=8))
def test_a_payload_of_any_shape_is_read_or_refused_in_words(topic: str, values: dict[str, Any]) -> None:
    try:
        found = report_of(topic, values, sent_at=SENT, now=NOW)
    except ReportRefused as refused:
        assert "is needed" in str(refused)
    else:
        assert found is None or found.as_of <= NOW + timedelta(days=1)
