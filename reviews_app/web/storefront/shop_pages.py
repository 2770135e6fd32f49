"""The catalogue."""

from flask import render_template
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session
from reviews_app.queries import catalogue as products
from reviews_app.queries.find_store import find_store
from reviews_app.web.guards import public
from reviews_app.web.page_language import choose_language
from reviews_app.web.storefront.blueprint import storefront


@storefront.get("")
@public
def catalogue(store: str) -> ResponseReturnValue:
    """Every product of a store with its stars."""
    shop = find_store(session(), store)
    choose_language(shop)
    return render_template("storefront/catalogue.html", shop=shop, items=products.catalogue(session(), shop))
