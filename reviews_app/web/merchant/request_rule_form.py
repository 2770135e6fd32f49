"""The rule of asking as a form: every number of its sentence a field."""

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SubmitField,
    ValidationError,
)
from wtforms.validators import NumberRange

from reviews_app.models.product import Product
from reviews_app.models.request_rule import MOST_REMINDERS, RequestRule
from reviews_app.services.save_request_rule import RuleDetails
from reviews_app.web.form_fields import choice

MOST_DAYS, MOST_LINK_DAYS = 180, 365
MOST_WAITS, EMPTY_ROWS = 100, 1
REMINDERS = ("no reminder", "one reminder", "two reminders")
NO_PRODUCT = ""


class Days(IntegerField):
    """A whole number of days; what is no number stays to be mended."""

    def __init__(self, label: str, *, least: int = 0, most: int = MOST_DAYS, of: str = " days", **options: Any) -> None:
        super().__init__(label, [NumberRange(least, most, f"{label}: from {least} to {most}{of}.")], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError, which the form shows at the field."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(f"{self.label.text}: type a whole number.") from None


class DaysOrNone(IntegerField):
    """An empty one is None; what is no number is wanted anew."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError, which the form shows at the field."""
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata(valuelist)


class WaitForm(Form):
    """One product and its days; a row without a product is none."""

    product = SelectField("Product")
    days = DaysOrNone("Days after delivery")

    def validate_days(self, field: Any) -> None:
        """Wanted as soon as a product is chosen."""
        if self.product.data != NO_PRODUCT and (field.data is None or not 0 <= field.data <= MOST_DAYS):
            field.errors = []
            raise ValidationError(f"This product needs its days: from 0 to {MOST_DAYS}.")


class RuleForm(FlaskForm):
    """What a store decides about asking."""

    is_on = BooleanField("Ask by itself")
    days_after_delivery = Days("Days after delivery")
    days_after_fulfilment = Days("Days after an order left")
    days_abroad = Days("Days after an order left for abroad")
    hour = SelectField("Hour", coerce=int, choices=[choice(str(hour), f"{hour}:00") for hour in range(24)])
    reminders = SelectField(
        "Reminders",
        coerce=int,
        choices=[choice(str(count), words) for count, words in enumerate(REMINDERS[: MOST_REMINDERS + 1])],
    )
    reminder_days = Days("Days before a reminder", least=1)
    link_days = Days("Days a link works", least=1, most=MOST_LINK_DAYS)
    cooldown_days = Days("Days before the same person is asked again", most=MOST_LINK_DAYS)
    asks_for_photo = BooleanField("Ask for a picture when a review came without one, whatever its stars")
    photo_days = Days("Days after the review", least=1)
    waits = FieldList(FormField(WaitForm), max_entries=MOST_WAITS)
    more = SubmitField("Another product")

    def __init__(self, *args: Any, products: list[Product], **values: Any) -> None:
        super().__init__(*args, **values)
        self._choices = [choice(NO_PRODUCT, "None"), *(choice(str(one.id), one.title) for one in products)]
        if not self.is_submitted():
            self.add_rows()
        self._offer()

    def add_rows(self) -> None:
        """One more row at the end."""
        for _ in range(min(EMPTY_ROWS, MOST_WAITS - len(self.waits))):
            self.waits.append_entry()
        self._offer()

    def details(self) -> RuleDetails:
        """What the service takes; only after the form was valid."""
        return RuleDetails(**{name: self[name].data for name in RuleDetails.__dataclass_fields__})

    def days_by_product(self) -> dict[UUID, int]:
        """Products with days of their own."""
        chosen = [row.form for row in self.waits if row.form.product.data != NO_PRODUCT]
        return {UUID(row.product.data): row.days.data or 0 for row in chosen}

    def _offer(self) -> None:
        for row in self.waits:
            row.form.product.choices = self._choices
            row.form.product.data = row.form.product.data or NO_PRODUCT


def form_of(rule: RequestRule, waits: dict[UUID, int], products: list[Product]) -> RuleForm:
    """The form as the rule stands."""
    known = {name: getattr(rule, name) for name in RuleDetails.__dataclass_fields__}
    rows = [{"product": str(product_id), "days": days} for product_id, days in waits.items()]
    return RuleForm(products=products, is_on=rule.is_on, waits=rows, **known)
