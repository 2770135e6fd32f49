"""The pictures of a product: one more, another first, one less."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from reviews_app.db.database import session, transaction
from reviews_app.models.membership import StoreRole
from reviews_app.models.product import Product, ProductPicture
from reviews_app.queries.find_product import find_picture, find_product
from reviews_app.services.product_pictures import (
    MOST_PICTURES,
    TooManyPictures,
    put_picture_first,
    remove_picture,
    take_product_picture,
)
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.picture_form import MOST_REQUEST, TOO_LARGE, PictureForm
from reviews_app.web.merchant.product_page import product_page
from reviews_app.web.tools import tools

FULL = f"A product has {MOST_PICTURES} pictures at most. Take one away first."


@merchant.post("/<store>/products/<handle>/pictures")
@member(StoreRole.MANAGER)
def add_picture(me: Member, handle: str) -> ResponseReturnValue:
    """Take the file in, or say what is wrong with it."""
    product = find_product(session(), me.store, handle)
    if (request.content_length or 0) > MOST_REQUEST:
        form = PictureForm(formdata=None)
        form.picture.errors = [TOO_LARGE]
        return product_page(product, picture_form=form), 413
    form = PictureForm()
    if not form.validate_on_submit():
        return product_page(product, picture_form=form), 422
    try:
        with transaction() as writing:
            take_product_picture(
                writing,
                find_product(writing, me.store, handle),
                upload=form.picture.data.read(),
                original_name=form.picture.data.filename or "",
                alt=(form.alt.data or "").strip(),
                clock=tools().clock,
            )
    except TooManyPictures:
        form.picture.errors = [FULL]
        return product_page(find_product(session(), me.store, handle), picture_form=form), 422
    flash("The picture shows in a moment.", "ok")
    return _back(me, handle)


@merchant.post("/<store>/products/<handle>/pictures/<uuid:picture_id>/first")
@member(StoreRole.MANAGER)
def put_first(me: Member, handle: str, picture_id: UUID) -> ResponseReturnValue:
    """Lists, mails and the form show it from now on."""
    return _change(me, handle, picture_id, put_picture_first, "It comes first now.")


@merchant.post("/<store>/products/<handle>/pictures/<uuid:picture_id>/remove")
@member(StoreRole.MANAGER)
def take_away(me: Member, handle: str, picture_id: UUID) -> ResponseReturnValue:
    """Off the pages."""
    return _change(me, handle, picture_id, remove_picture, "The picture is taken away.")


def _change(
    me: Member, handle: str, picture_id: UUID, change: Callable[[Session, Product, ProductPicture], None], words: str
) -> ResponseReturnValue:
    require_action()
    with transaction() as writing:
        product = find_product(writing, me.store, handle)
        change(writing, product, find_picture(writing, product, picture_id))
    flash(words, "ok")
    return _back(me, handle)


def _back(me: Member, handle: str) -> ResponseReturnValue:
    return redirect(url_for(".edit_product", store=me.store.slug, handle=handle, _anchor="pictures"), 303)
