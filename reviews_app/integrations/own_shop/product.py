"""A product in our own words, as any shop may send it: docs/orders.md describes every field."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from reviews_app.integrations.own_shop.fields import Id, Moment, Paragraphs, PerhapsTitle, PerhapsWord, Word, refused
from reviews_app.integrations.own_shop.order import LENIENT
from reviews_app.lib.handle import handle_of
from reviews_app.lib.money import minor_units
from reviews_app.models.order_report import ProductReport, ReportedVariant

CURRENCIES = frozenset(list_currencies())
MOST_VARIANTS = 500


def _price(value: str | None) -> str | None:
    if value is not None and minor_units(value, "USD") is None:
        raise ValueError("is no price such as 89.00")
    return value


def _currency(value: str | None) -> str | None:
    if value is not None and value.upper() not in CURRENCIES:
        raise ValueError("is no currency code such as EUR")
    return None if value is None else value.upper()


class VariantIn(BaseModel):
    """One size or colour."""

    model_config = LENIENT
    id: Id
    name: Id
    sku: Word = ""


class ProductIn(BaseModel):
    """One product; only its id must be there, what is left out says nothing."""

    model_config = LENIENT
    id: Id
    updated_at: Moment = None
    title: PerhapsTitle = None
    handle: PerhapsWord = None
    description: Paragraphs = None
    price: Annotated[PerhapsWord, AfterValidator(_price)] = None
    currency: Annotated[PerhapsWord, AfterValidator(_currency)] = None
    variants: list[VariantIn] | None = Field(None, max_length=MOST_VARIANTS)
    withdrawn: bool = False


def product_report(values: Any, *, as_of: datetime, now: datetime, zone: ZoneInfo | None = None) -> ProductReport:
    """The report these values are. Raises ReportRefused with each problem and where it is."""
    try:
        product = ProductIn.model_validate(values, context={"now": now, "zone": zone})
    except ValidationError as error:
        raise refused(error) from None
    variants = product.variants
    return ProductReport(
        shop_id=product.id,
        as_of=product.updated_at or as_of,
        title=product.title,
        handle=None if product.handle is None else handle_of(product.handle),
        description=product.description,
        price=product.price,
        currency=product.currency,
        variants=None if variants is None else tuple(ReportedVariant(one.id, one.name, one.sku) for one in variants),
        is_withdrawn=product.withdrawn,
    )
