"""An order in our own words, as any shop may send it: docs/orders.md describes every field."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reviews_app.integrations.own_shop.fields import (
    Country,
    Email,
    Id,
    Locale,
    Moment,
    PerhapsTitle,
    PerhapsWord,
    Title,
    Word,
    Zone,
    refused,
)
from reviews_app.models.order import ConsentBasis
from reviews_app.models.order_report import MOST_LINES, Consent, OrderReport, ReportedLine

LENIENT = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class ConsentIn(BaseModel):
    """Why the buyer may be asked, with the proof."""

    model_config = LENIENT
    basis: ConsentBasis
    text: Title = ""
    at: Moment = None


class LineIn(BaseModel):
    """One bought product."""

    model_config = LENIENT
    id: Word = ""
    product_id: Id
    title: Title = ""
    variant_id: Word = ""
    variant: Title = ""
    sku: Word = ""
    quantity: int = Field(1, ge=1, le=100_000)
    refunded_quantity: int = Field(0, ge=0, le=100_000)

    def reported(self) -> ReportedLine:
        """As the services take it."""
        return ReportedLine(
            product_id=self.product_id,
            title=self.title,
            shop_id=self.id,
            quantity=self.quantity,
            variant_id=self.variant_id,
            variant=self.variant,
            sku=self.sku,
            refunded_quantity=self.refunded_quantity,
        )


class OrderIn(BaseModel):
    """One order; only its id must be there, what is left out says nothing."""

    model_config = LENIENT
    id: Id
    updated_at: Moment = None
    number: PerhapsWord = None
    email: Email = None
    name: PerhapsTitle = None
    country: Country = None
    locale: Locale = None
    time_zone: Zone = None
    placed_at: Moment = None
    fulfilled_at: Moment = None
    delivered_at: Moment = None
    cancelled_at: Moment = None
    cancelled: bool | None = None
    refunded: bool = False
    consent: ConsentIn | None = None
    lines: list[LineIn] | None = Field(None, max_length=MOST_LINES)


def order_report(values: Any, *, as_of: datetime, now: datetime, zone: ZoneInfo | None = None) -> OrderReport:
    """The report these values are. `as_of` stands in for a missing `updated_at`, `zone` for a missing zone.

    Raises ReportRefused with each problem and where it is.
    """
    try:
        order = OrderIn.model_validate(values, context={"now": now, "zone": zone})
    except ValidationError as error:
        raise refused(error) from None
    consent, updated = order.consent, order.updated_at or as_of
    return OrderReport(
        shop_id=order.id,
        as_of=updated,
        number=order.number,
        email=order.email,
        name=order.name,
        country_code=order.country,
        locale=order.locale,
        time_zone=order.time_zone,
        placed_at=order.placed_at,
        fulfilled_at=order.fulfilled_at,
        delivered_at=order.delivered_at,
        cancelled_at=order.cancelled_at or (updated if order.cancelled else None),
        is_alive=order.cancelled is False,
        consent=None if consent is None else Consent(consent.basis, consent.text, consent.at),
        lines=None if order.lines is None else tuple(line.reported() for line in order.lines),
        is_refunded=order.refunded,
    )
