"""Products and variants by form."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.models.product import Product
from reviews_app.queries.catalogue import catalogue
from reviews_app.queries.find_product import find_product
from reviews_app.services.add_product import HandleTaken, ShopIdTaken, add_product
from reviews_app.services.change_product import change_product
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.product_form import ProductForm
from reviews_app.web.merchant.product_page import product_page
from reviews_app.web.tools import tools


@merchant.get("/<store>/products")
@member(StoreRole.VIEWER)
def products(me: Member) -> ResponseReturnValue:
    """Every product with its stars."""
    return render_template("merchant/products.html", items=catalogue(session(), me.store))


@merchant.get("/<store>/products/new")
@member(StoreRole.MANAGER)
def new_product(me: Member) -> ResponseReturnValue:
    """An empty form."""
    return _with_more_rows(ProductForm(currency=me.store.currency), None)


@merchant.post("/<store>/products/new")
@member(StoreRole.MANAGER)
def create_product(me: Member) -> ResponseReturnValue:
    """Add it, or say what is wrong."""
    form = ProductForm(currency=me.store.currency)
    if form.more.data:
        return _with_more_rows(form, None)
    if not form.validate_on_submit():
        return _page(form, None), 422
    try:
        with transaction() as writing:
            add_product(writing, me.store, form.details(), clock=tools().clock)
    except (HandleTaken, ShopIdTaken) as taken:
        return _taken(form, taken, None)
    flash("The product is in the catalogue. Its pictures can be added here.", "ok")
    return redirect(url_for(".edit_product", store=me.store.slug, handle=form.handle.data), 303)


@merchant.get("/<store>/products/<handle>")
@member(StoreRole.MANAGER)
def edit_product(me: Member, handle: str) -> ResponseReturnValue:
    """The form as the product stands."""
    product = find_product(session(), me.store, handle)
    return product_page(product)


@merchant.post("/<store>/products/<handle>")
@member(StoreRole.MANAGER)
def save_product(me: Member, handle: str) -> ResponseReturnValue:
    """Change it, or say what is wrong."""
    product = find_product(session(), me.store, handle)
    form = ProductForm(currency=product.currency)
    if form.more.data:
        return _with_more_rows(form, product)
    if not form.validate_on_submit():
        return _page(form, product), 422
    try:
        with transaction() as writing:
            stay = change_product(writing, product, form.details())
    except (HandleTaken, ShopIdTaken) as taken:
        return _taken(form, taken, find_product(session(), me.store, handle))
    flash(f"Saved. {', '.join(stay)} stays, because orders or reviews name it." if stay else "Saved.", "ok")
    return redirect(url_for(".products", store=me.store.slug), 303)


def _page(form: ProductForm, product: Product | None) -> str:
    if product is not None:
        return product_page(product, form=form)
    return render_template("merchant/product.html", form=form, product=None)


def _with_more_rows(form: ProductForm, product: Product | None) -> ResponseReturnValue:
    """Nothing is saved yet and nothing typed is lost."""
    form.add_rows()
    return _page(form, product)


def _taken(form: ProductForm, taken: Exception, product: Product | None) -> ResponseReturnValue:
    if isinstance(taken, HandleTaken):
        form.handle.errors = ["Another product of your store has this handle."]
    elif str(taken) == (form.shop_id.data or "").strip():
        form.shop_id.errors = ["Another product of your store has this id."]
    else:
        rows = [row.form for row in form.variants if (row.form.shop_id.data or "").strip() == str(taken)]
        rows[-1].shop_id.errors = ["Another variant of your store has this id."]
    return _page(form, product), 422
