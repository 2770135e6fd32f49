"""The form of a product, its variants as rows."""

import re
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, StringField, SubmitField, TextAreaField, ValidationError

from reviews_app.lib.money import minor_digits, plain_amount
from reviews_app.models.product import Product
from reviews_app.services.add_product import ProductDetails, VariantDetails
from reviews_app.web.form_fields import AtMost, Needed, Writable

HANDLE = re.compile(r"[a-z0-9][a-z0-9-]*")
# The address of the empty form.
RESERVED_HANDLE = "new"
MOST_VARIANTS = 200
EMPTY_ROWS = 3


class VariantForm(Form):
    """One row; an empty one is no variant."""

    name = StringField("Name", [Writable(), AtMost(200)])
    shop_id = StringField("Id", [Writable(), AtMost(100)])
    sku = StringField("SKU", [Writable(), AtMost(100)])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any((field.data or "").strip() for field in self)

    def validate_name(self, field: Any) -> None:
        """Wanted as soon as anything stands in the row."""
        if not self.is_empty and not (field.data or "").strip():
            raise ValidationError("This variant needs a name.")

    def validate_shop_id(self, field: Any) -> None:
        """The same."""
        if not self.is_empty and not (field.data or "").strip():
            raise ValidationError("This variant needs your shop's id.")

    def details(self) -> VariantDetails:
        """What the service takes."""
        return VariantDetails(*((field.data or "").strip() for field in (self.shop_id, self.name, self.sku)))


class ProductForm(FlaskForm):
    """A product under the shop's own ids."""

    title = StringField("Title", [Needed("The product needs a title."), Writable(), AtMost(300)])
    handle = StringField("Handle", [Needed("The handle is the last part of the product's address."), AtMost(100)])
    shop_id = StringField("Id in your shop", [Needed("Your shop's own id is needed."), Writable(), AtMost(100)])
    description = TextAreaField("Description", [Writable(), AtMost(20_000)])
    price = StringField("Price", [AtMost(20)])
    variants = FieldList(FormField(VariantForm), max_entries=MOST_VARIANTS)
    more = SubmitField("More rows")

    def __init__(self, *args: Any, currency: str, **values: Any) -> None:
        super().__init__(*args, **values)
        self.currency = currency

    def add_rows(self) -> None:
        """Some empty rows at the end."""
        for _ in range(min(EMPTY_ROWS, MOST_VARIANTS - len(self.variants))):
            self.variants.append_entry()

    def validate_handle(self, field: Any) -> None:
        """Small letters, digits and hyphens."""
        if not HANDLE.fullmatch(field.data or ""):
            raise ValidationError("Small letters, digits and hyphens only.")
        if field.data == RESERVED_HANDLE:
            raise ValidationError('"new" is the address of this form. Choose another handle.')

    def validate_price(self, field: Any) -> None:
        """A plain amount with point or comma."""
        digits = minor_digits(self.currency)
        behind = rf"(?:[.,][0-9]{{1,{digits}}})?" if digits else ""
        if (field.data or "").strip() and not re.fullmatch(rf"[0-9]{{1,9}}{behind}", field.data.strip()):
            raise ValidationError("A price looks like 89.00" if digits else "A price looks like 8900")

    def details(self) -> ProductDetails:
        """What the service takes; only after the form was valid."""
        price = (self.price.data or "").strip().replace(",", ".")
        return ProductDetails(
            shop_id=(self.shop_id.data or "").strip(),
            handle=self.handle.data or "",
            title=(self.title.data or "").strip(),
            description=(self.description.data or "").strip(),
            price_minor=int(Decimal(price).scaleb(minor_digits(self.currency))) if price else None,
            currency=self.currency,
            variants=tuple(row.form.details() for row in self.variants if not row.form.is_empty),
        )


def form_of(product: Product) -> ProductForm:
    """The form as the product stands, with empty rows beneath its variants."""
    price = "" if product.price_minor is None else f"{plain_amount(product.price_minor, product.currency):f}"
    form = ProductForm(
        # The page's other form may have been sent: its request says nothing of this one.
        formdata=None,
        currency=product.currency,
        title=product.title,
        shop_id=product.shop_id,
        handle=product.handle,
        description=product.description,
        price=price,
        variants=[{"name": one.name, "shop_id": one.shop_id, "sku": one.sku} for one in product.variants],
    )
    form.add_rows()
    return form
