"""Products and variants by form."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import DecimalField, StringField, TextAreaField, ValidationError
from wtforms.validators import NumberRange, Optional, Regexp

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.models.product import Product
from reviews_app.queries.catalogue import catalogue
from reviews_app.queries.find_product import find_product
from reviews_app.services.add_product import (
    HandleTaken,
    ProductDetails,
    ShopIdTaken,
    VariantDetails,
    add_product,
    change_product,
)
from reviews_app.web.form_fields import AtMost, Needed, Writable
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools

LONGEST_VARIANTS = 200


class ProductForm(FlaskForm):
    """A product under the shop's own ids."""

    title = StringField("Title", [Needed("The product needs a title."), Writable(), AtMost(300)])
    shop_id = StringField("Id in your shop", [Needed("Your shop's own id is needed."), Writable(), AtMost(100)])
    handle = StringField(
        "Handle",
        [Needed("The handle is the last part of the product's address."), AtMost(100)],
    )
    description = TextAreaField("Description", [Writable(), AtMost(20_000)])
    price = DecimalField("Price", [Optional(), NumberRange(0, 10_000_000, "A price from 0.")], places=2)
    variants = TextAreaField("Variants", [Writable(), AtMost(20_000)])

    def validate_handle(self, field: Any) -> None:
        """Small letters, digits and hyphens."""
        Regexp(r"^[a-z0-9][a-z0-9-]*$", message="Small letters, digits and hyphens only.")(self, field)

    def validate_variants(self, field: Any) -> None:
        """One a line: id | name | SKU."""
        lines = [line for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > LONGEST_VARIANTS:
            raise ValidationError(f"Up to {LONGEST_VARIANTS} variants fit here.")
        for place, line in enumerate(lines, start=1):
            parts = [part.strip() for part in line.split("|")]
            if not 2 <= len(parts) <= 3 or not parts[0] or not parts[1]:
                raise ValidationError(f"Line {place}: write the id, the name and the SKU with | between.")

    def details(self, currency: str) -> ProductDetails:
        """What the service takes; only after the form was valid."""
        lines = [line.split("|") for line in (self.variants.data or "").splitlines() if line.strip()]
        return ProductDetails(
            shop_id=(self.shop_id.data or "").strip(),
            handle=self.handle.data or "",
            title=(self.title.data or "").strip(),
            description=(self.description.data or "").strip(),
            price_minor=None if self.price.data is None else int(self.price.data * 100),
            currency=currency,
            variants=tuple(VariantDetails(*(part.strip() for part in parts)) for parts in lines),
        )


@merchant.get("/<store>/products")
@member(StoreRole.VIEWER)
def products(me: Member) -> ResponseReturnValue:
    """Every product with its stars."""
    return render_template("merchant/products.html", items=catalogue(session(), me.store))


@merchant.get("/<store>/products/new")
@member(StoreRole.MANAGER)
def new_product(_me: Member) -> ResponseReturnValue:
    """An empty form."""
    return render_template("merchant/product.html", form=ProductForm(), product=None)


@merchant.post("/<store>/products/new")
@member(StoreRole.MANAGER)
def create_product(me: Member) -> ResponseReturnValue:
    """Add it, or say what is wrong."""
    form = ProductForm()
    if not form.validate_on_submit():
        return render_template("merchant/product.html", form=form, product=None), 422
    try:
        with transaction() as writing:
            add_product(writing, me.store, form.details(me.store.currency), clock=tools().clock)
    except (HandleTaken, ShopIdTaken) as taken:
        return _taken(form, taken, None)
    flash("The product is in the catalogue.", "ok")
    return redirect(url_for(".products", store=me.store.slug), 303)


@merchant.get("/<store>/products/<handle>")
@member(StoreRole.MANAGER)
def edit_product(me: Member, handle: str) -> ResponseReturnValue:
    """The form as the product stands."""
    product = find_product(session(), me.store, handle)
    variants = "\n".join(" | ".join([one.shop_id, one.name, one.sku]) for one in product.variants)
    form = ProductForm(
        title=product.title,
        shop_id=product.shop_id,
        handle=product.handle,
        description=product.description,
        price=None if product.price_minor is None else product.price_minor / 100,
        variants=variants,
    )
    return render_template("merchant/product.html", form=form, product=product)


@merchant.post("/<store>/products/<handle>")
@member(StoreRole.MANAGER)
def save_product(me: Member, handle: str) -> ResponseReturnValue:
    """Change it, or say what is wrong."""
    product = find_product(session(), me.store, handle)
    form = ProductForm()
    if not form.validate_on_submit():
        return render_template("merchant/product.html", form=form, product=product), 422
    try:
        with transaction() as writing:
            change_product(writing, product, form.details(product.currency))
    except (HandleTaken, ShopIdTaken) as taken:
        return _taken(form, taken, find_product(session(), me.store, handle))
    flash("Saved.", "ok")
    return redirect(url_for(".products", store=me.store.slug), 303)


def _taken(form: ProductForm, taken: Exception, product: Product | None) -> ResponseReturnValue:
    if isinstance(taken, HandleTaken):
        form.handle.errors = ["Another product of your store has this handle."]
    elif str(taken) == request.form.get("shop_id", "").strip():
        form.shop_id.errors = ["Another product of your store has this id."]
    else:
        form.variants.errors = [f"Another variant of your store has the id {taken}."]
    return render_template("merchant/product.html", form=form, product=product), 422
