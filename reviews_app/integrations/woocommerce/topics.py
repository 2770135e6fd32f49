"""WooCommerce's webhooks: which topics we take, and what each says. Its moments are UTC without saying so."""

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
from reviews_app.models.order_report import Consent, OrderReport, ProductReport, ReportedLine

# Baskets that are no order yet.
DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
# A field a shop's checkout may add to the order: the words the buyer agreed to.
CONSENT_KEY = "review_consent"


def report_of(topic: str, values: Values, *, sent_at: datetime, now: datetime) -> OrderReport | ProductReport | None:
    """The report of a topic, None for what we have no use for. Raises ReportRefused."""
    read = TOPICS.get(topic)
    return None if read is None else read(values, sent_at, now)


def _order(values: Values, sent_at: datetime, now: datetime) -> OrderReport | None:
    status = text(values, "status", most=50)
    if status in DRAFTS:
        return None
    billing, shipping = part(values, "billing"), part(values, "shipping")
    updated = moment(values, "date_modified_gmt", now=now) or sent_at
    placed = moment(values, "date_created_gmt", now=now)
    name = f"{text(billing, 'first_name', most=100)} {text(billing, 'last_name', most=100)}".strip()
    number = text(values, "number", most=100)
    is_refunded = status == "refunded"
    return OrderReport(
        shop_id=needed_id(values),
        as_of=updated,
        number=f"#{number}" if number else None,
        email=address(text(billing, "email")),
        name=name or None,
        country_code=country(text(shipping, "country"), text(billing, "country")),
        placed_at=placed,
        fulfilled_at=(moment(values, "date_completed_gmt", now=now) or updated) if status == "completed" else None,
        cancelled_at=updated if status in {"cancelled", "trash"} else None,
        # Paid after all, or out of the bin again. The other states come before and after either.
        is_alive=status in {"processing", "completed"},
        consent=_consent(values, placed),
        lines=tuple(_line(one) for one in parts(values, "line_items") if identity(one, "product_id")),
        is_refunded=is_refunded,
        # It tells how much money went back, not for which line.
        has_unnamed_refund=bool(parts(values, "refunds")) and not is_refunded,
    )


def _line(values: Values) -> ReportedLine:
    name, parent = text(values, "name"), text(values, "parent_name")
    variation = identity(values, "variation_id")
    return ReportedLine(
        product_id=identity(values, "product_id"),
        title=parent or name,
        shop_id=identity(values),
        quantity=max(1, count(values, "quantity")),
        variant_id=variation,
        variant=name.removeprefix(f"{parent} - ") if variation and parent else "",
        sku=text(values, "sku", most=100),
    )


def _consent(values: Values, placed: datetime | None) -> Consent | None:
    words = next((text(one, "value") for one in parts(values, "meta_data") if one.get("key") == CONSENT_KEY), "")
    return Consent(ConsentBasis.OPT_IN, words, placed) if words else None


def _deleted_order(values: Values, sent_at: datetime, _now: datetime) -> OrderReport:
    return OrderReport(shop_id=needed_id(values), as_of=sent_at, cancelled_at=sent_at)


def _product(values: Values, sent_at: datetime, now: datetime) -> ProductReport | None:
    """Variants come with the orders that name them: the product tells only their ids."""
    status = text(values, "status", most=50)
    if values.get("type") == "variation" or status in DRAFTS:
        return None
    return ProductReport(
        shop_id=needed_id(values),
        as_of=moment(values, "date_modified_gmt", now=now) or sent_at,
        title=text(values, "name") or None,
        handle=text(values, "slug", most=100) or None,
        description=paragraphs(values, "description") or paragraphs(values, "short_description") or None,
        price=text(values, "price", most=20) or None,
        is_withdrawn=status not in {"", "publish"},
    )


def _deleted_product(values: Values, sent_at: datetime, _now: datetime) -> ProductReport:
    return ProductReport(shop_id=needed_id(values), as_of=sent_at, is_withdrawn=True)


Read = Callable[[Values, datetime, datetime], OrderReport | ProductReport | None]
TOPICS: dict[str, Read] = {
    "order.created": _order,
    "order.updated": _order,
    "order.restored": _order,
    "order.deleted": _deleted_order,
    "product.created": _product,
    "product.updated": _product,
    "product.restored": _product,
    "product.deleted": _deleted_product,
}
