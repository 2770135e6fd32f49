"""Shopify's webhooks: which topics we take, and what each says."""

from collections.abc import Callable
from datetime import datetime

from reviews_app.integrations.shop_values import (
    Values,
    address,
    count,
    country,
    identity,
    moment,
    needed_id,
    paragraphs,
    part,
    parts,
    text,
)
from reviews_app.models.order import ConsentBasis
from reviews_app.models.order_report import (
    MOST_LINES,
    Consent,
    OrderReport,
    Parcel,
    ProductReport,
    Refund,
    ReportedLine,
    ReportedVariant,
)
from reviews_app.models.privacy_report import PrivacyReport, PrivacyWish

Report = OrderReport | ProductReport | PrivacyReport
# What Shopify calls the one variant of a product that has none.
NO_VARIANT = "Default Title"
# A buyer who was subscribed and is no more, or asked to be forgotten.
TAKEN_BACK = frozenset({"unsubscribed", "redacted"})


def report_of(topic: str, values: Values, *, sent_at: datetime, now: datetime) -> Report | None:
    """The report of a topic, None for a topic we have no use for. Raises ReportRefused."""
    read = TOPICS.get(topic)
    return None if read is None else read(values, sent_at, now)


def _order(values: Values, sent_at: datetime, now: datetime) -> OrderReport:
    placed = moment(values, "processed_at", now=now) or moment(values, "created_at", now=now)
    customer, shipping, billing = (part(values, name) for name in ("customer", "shipping_address", "billing_address"))
    updated = moment(values, "updated_at", now=now) or sent_at
    full_name = f"{text(customer, 'first_name', most=100)} {text(customer, 'last_name', most=100)}".strip()
    return OrderReport(
        shop_id=needed_id(values),
        as_of=updated,
        number=text(values, "name", most=100) or None,
        email=address(text(values, "email"), text(values, "contact_email"), text(customer, "email")),
        name=full_name or text(shipping, "name") or text(billing, "name") or None,
        country_code=country(text(shipping, "country_code"), text(billing, "country_code")),
        locale=text(values, "customer_locale", most=20) or None,
        placed_at=placed,
        fulfilled_at=_fulfilled_at(values, updated, now=now),
        cancelled_at=moment(values, "cancelled_at", now=now),
        is_alive=values.get("cancelled_at", "") is None,
        parcels=tuple(
            Parcel(identity(one) or f"#{place}", _arrived_at(one, updated, now=now))
            for place, one in enumerate(_parcels(values), start=1)
        )
        or None,
        consent=_consent(values, customer, placed=placed, updated=updated, now=now),
        lines=tuple(_line(one) for one in parts(values, "line_items") if identity(one, "product_id")),
        refunds=tuple(refund for one in parts(values, "refunds") for refund in _refunds(one)),
        is_refunded=values.get("financial_status") == "refunded",
    )


def _line(values: Values) -> ReportedLine:
    variant = text(values, "variant_title")
    has_variant = bool(variant) and variant != NO_VARIANT
    return ReportedLine(
        product_id=identity(values, "product_id"),
        title=text(values, "title"),
        shop_id=identity(values),
        quantity=max(1, count(values, "quantity")),
        variant_id=identity(values, "variant_id") if has_variant else "",
        variant=variant if has_variant else "",
        sku=text(values, "sku", most=100),
    )


def _parcels(values: Values) -> list[Values]:
    return [
        one for one in parts(values, "fulfillments") if text(one, "status") not in {"cancelled", "error", "failure"}
    ]


def _fulfilled_at(values: Values, updated: datetime, *, now: datetime) -> datetime | None:
    """Once everything has left, the day of the last parcel."""
    if values.get("fulfillment_status") != "fulfilled":
        return None
    return max((at for one in _parcels(values) if (at := moment(one, "created_at", now=now))), default=updated)


def _arrived_at(parcel: Values, otherwise: datetime, *, now: datetime) -> datetime | None:
    """Its own last change is its arrival, once it says that it is delivered."""
    is_delivered = parcel.get("shipment_status") == "delivered"
    return moment(parcel, "updated_at", now=now) or otherwise if is_delivered else None


def _consent(
    values: Values, customer: Values, *, placed: datetime | None, updated: datetime, now: datetime
) -> Consent | None:
    """The box the buyer ticked in Shopify's checkout. Not ticked is no refusal of being asked for a review.

    Where Shopify tells the state of today, it alone counts: the box of an old checkout stays ticked for ever.
    """
    marketing = part(customer, "email_marketing_consent")
    state = text(marketing, "state", most=50)
    at = moment(marketing, "consent_updated_at", now=now)
    if state == "subscribed":
        level = text(marketing, "opt_in_level", most=50) or "unknown level"
        return Consent(ConsentBasis.OPT_IN, f"Shopify: email marketing, subscribed, {level}", at or placed)
    if state in TAKEN_BACK:
        return Consent(None, f"Shopify: email marketing, {state}", at or updated)
    if not state and values.get("buyer_accepts_marketing") is True:
        return Consent(ConsentBasis.OPT_IN, "Shopify: buyer accepts marketing", placed)
    return None


def _refunds(values: Values) -> list[Refund]:
    refund = needed_id(values)
    given_back = ((identity(one, "line_item_id"), count(one, "quantity")) for one in parts(values, "refund_line_items"))
    return [Refund(refund, line, quantity) for line, quantity in given_back if line and quantity]


def _refund(values: Values, sent_at: datetime, now: datetime) -> OrderReport:
    as_of = moment(values, "processed_at", now=now) or moment(values, "created_at", now=now) or sent_at
    return OrderReport(shop_id=needed_id(values, "order_id"), as_of=as_of, refunds=tuple(_refunds(values)))


def _parcel(values: Values, sent_at: datetime, now: datetime) -> OrderReport | None:
    """A parcel alone tells when it arrived: of itself, not of the order's others, which may not even have left."""
    at = _arrived_at(values, sent_at, now=now)
    if at is None:
        return None
    return OrderReport(
        shop_id=needed_id(values, "order_id"), as_of=at, arrivals=(Parcel(needed_id(values), arrived_at=at),)
    )


def _deleted_order(values: Values, sent_at: datetime, _now: datetime) -> OrderReport:
    return OrderReport(shop_id=needed_id(values), as_of=sent_at, cancelled_at=sent_at)


def _product(values: Values, sent_at: datetime, now: datetime) -> ProductReport:
    kinds = parts(values, "variants")
    named = [one for one in kinds if identity(one) and text(one, "title") not in {"", NO_VARIANT}]
    return ProductReport(
        shop_id=needed_id(values),
        as_of=moment(values, "updated_at", now=now) or sent_at,
        title=text(values, "title") or None,
        handle=text(values, "handle", most=100) or None,
        description=paragraphs(values, "body_html") or None,
        price=text(kinds[0], "price", most=20) or None if kinds else None,
        variants=tuple(ReportedVariant(identity(one), text(one, "title"), text(one, "sku", most=100)) for one in named),
        is_withdrawn=text(values, "status") not in {"", "active"},
    )


def _deleted_product(values: Values, sent_at: datetime, _now: datetime) -> ProductReport:
    return ProductReport(shop_id=needed_id(values), as_of=sent_at, is_withdrawn=True)


def _redacted_customer(values: Values, _sent_at: datetime, _now: datetime) -> PrivacyReport | None:
    """Without address and orders nothing of the person can be here."""
    found = values.get("orders_to_redact")
    listed = found[:MOST_LINES] if isinstance(found, list) else []
    orders = tuple(order for one in listed if (order := identity({"id": one})))
    email = address(text(part(values, "customer"), "email")) or ""
    return PrivacyReport(PrivacyWish.ERASE_PERSON, email, orders) if email or orders else None


def _asked_for(values: Values, _sent_at: datetime, _now: datetime) -> PrivacyReport | None:
    email = address(text(part(values, "customer"), "email"))
    return None if email is None else PrivacyReport(PrivacyWish.TELL_PERSON, email)


def _redacted_shop(_values: Values, _sent_at: datetime, _now: datetime) -> PrivacyReport:
    return PrivacyReport(PrivacyWish.ERASE_SHOP)


Read = Callable[[Values, datetime, datetime], Report | None]
TOPICS: dict[str, Read] = {
    "orders/create": _order,
    "orders/updated": _order,
    "orders/paid": _order,
    "orders/fulfilled": _order,
    "orders/partially_fulfilled": _order,
    "orders/cancelled": _order,
    "orders/delete": _deleted_order,
    "refunds/create": _refund,
    "fulfillments/create": _parcel,
    "fulfillments/update": _parcel,
    "products/create": _product,
    "products/update": _product,
    "products/delete": _deleted_product,
    "customers/redact": _redacted_customer,
    "customers/data_request": _asked_for,
    "shop/redact": _redacted_shop,
}
