"""The form of an order a merchant types in, its products as rows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, StringField, SubmitField, ValidationError

from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.order_report import ReportRefused
from reviews_app.models.store import Store
from reviews_app.queries.catalogue import Buyable
from reviews_app.web.form_fields import AtMost, EmailField, Needed, Writable, choice
from reviews_app.web.merchant.choice_fields import OneListed, OneOf
from reviews_app.web.merchant.country_choices import country_choices
from reviews_app.web.merchant.day_field import Day
from reviews_app.web.merchant.whole_number import WholeNumber

MOST_ROWS, MOST_PIECES = 50, 1000
NOTHING, NOT_KNOWN = "", "not_known"
DAYS = ("placed", "fulfilled", "delivered")
# What a report calls its parts, and the fields they were typed into.
FIELDS = {name: name for name in ("email", "country", "name", "number")} | {f"{one}_at": f"{one}_on" for one in DAYS}


class BoughtForm(Form):
    """One row; without a product it is none."""

    product = OneListed("Product", "Choose one of your products.", default=NOTHING)
    quantity = WholeNumber("How many", f"From 1 to {MOST_PIECES:,}.", low=1, high=MOST_PIECES, default=1)


class OrderForm(FlaskForm):
    """An order as the merchant knows it."""

    number = StringField("Order number", [Needed("The order needs its number."), Writable(), AtMost(100)])
    lines = FieldList(FormField(BoughtForm), max_entries=MOST_ROWS, min_entries=1)
    name = StringField("Buyer’s name", [Writable(), AtMost(200)])
    email = EmailField("Email", [Needed("The buyer’s email is needed."), Writable(), AtMost(254)])
    country = OneListed("Country or region", "Choose one of the countries shown.", choices=country_choices())
    placed_on = Day("Placed", [Needed("The day it was placed is needed.")])
    fulfilled_on = Day("Left")
    delivered_on = Day("Delivered")
    consent = OneOf(
        "May this buyer be asked by mail?",
        "Choose one of the four.",
        default=NOT_KNOWN,
        choices=[
            choice(ConsentBasis.OPT_IN, "They agreed"),
            choice(ConsentBasis.EXISTING_CUSTOMER, "They were told at the sale that they may object"),
            choice(ConsentBasis.REFUSED, "They said no"),
            choice(NOT_KNOWN, "Not known"),
        ],
    )
    consent_text = StringField("What they read", [Writable(), AtMost(300)])
    more = SubmitField("Another product")
    update = SubmitField("Update that order")

    def __init__(self, *args: Any, bought: Mapping[str, Buyable], **values: Any) -> None:
        super().__init__(*args, **values)
        self._bought = bought
        self._offer()

    @property
    def has_products(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self._bought)

    def add_row(self) -> None:
        """One more row at the end."""
        if len(self.lines) < MOST_ROWS:
            self.lines.append_entry()
        self._offer()

    def validate_fulfilled_on(self, field: Day) -> None:
        """Not before it was placed."""
        if field.data and self.placed_on.data and field.data < self.placed_on.data:
            raise ValidationError("It cannot have left before it was placed.")

    def validate_delivered_on(self, field: Day) -> None:
        """Not before it left, nor before it was placed."""
        before = self.fulfilled_on.data or self.placed_on.data
        if field.data and before and field.data < before:
            raise ValidationError("It cannot have arrived before it left.")

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, and that something was bought."""
        is_valid = bool(super().validate(extra_validators))
        first = self.lines[0].form.product
        if not any(row.form.product.data for row in self.lines) and not first.errors:
            first.errors = ["Choose what was bought."]
            self.lines.errors = [row.errors for row in self.lines]
            return False
        return is_valid

    def report_values(self, *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
        """The order in the words of docs/orders.md; only after the form was valid.

        A day is told as its midnight, today as now: it left after requests were switched on this morning.
        """
        today = now.astimezone(zone).date()

        def moment(day: date | None) -> str | None:
            return None if day is None else (now if day == today else day).isoformat()

        return {
            "id": self.number.data,
            "number": self.number.data,
            "name": self.name.data,
            "email": self.email.data,
            "country": self.country.data,
            "placed_at": moment(self.placed_on.data),
            "fulfilled_at": moment(self.fulfilled_on.data),
            "delivered_at": moment(self.delivered_on.data),
            "consent": self._consent(),
            "lines": [self._line(row.form) for row in self.lines if row.form.product.data],
        }

    def refuse(self, refused: ReportRefused) -> None:
        """Say each problem at the field it is about; what is about none of them, at the number."""
        for place, words in refused.problems:
            name = FIELDS.get(str(place[0])) if place else None
            self[name or "number"].errors = [f"This {words}." if name else words]

    def _consent(self) -> dict[str, Any] | None:
        """Not known says nothing, and takes nothing back."""
        if self.consent.data == NOT_KNOWN:
            return None
        return {"basis": self.consent.data, "text": self.consent_text.data}

    def _line(self, row: BoughtForm) -> dict[str, Any]:
        bought = self._bought[row.product.data]
        product, variant = bought.product, bought.variant
        line = {"product_id": product.shop_id, "title": product.title, "quantity": row.quantity.data}
        if variant is None:
            return line
        return line | {"variant_id": variant.shop_id, "variant": variant.name, "sku": variant.sku}

    def _offer(self) -> None:
        offered = [choice(NOTHING, "None"), *(choice(key, one.name) for key, one in self._bought.items())]
        for row in self.lines:
            row.form.product.choices = offered


def form_of(order: Order, bought: Mapping[str, Buyable], *, store: Store) -> OrderForm:
    """The form as the order stands, to be sent as an update of it."""
    zone = ZoneInfo(store.time_zone)
    lines = {str(line.variant_id or line.product_id): Buyable(line.product, line.variant) for line in order.lines}
    days = {f"{what}_on": getattr(order, f"{what}_at") for what in DAYS}
    return OrderForm(
        bought={**lines, **bought},
        number=order.number,
        name=order.buyer_name,
        email=order.customer.email,
        country=order.country_code or store.home_country,
        consent=str(order.consent_basis or NOT_KNOWN),
        consent_text=order.consent_text,
        lines=[{"product": str(line.variant_id or line.product_id), "quantity": line.quantity} for line in order.lines],
        update=True,
        **{name: at and at.astimezone(zone).date() for name, at in days.items()},
    )
