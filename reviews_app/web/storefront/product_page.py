"""A product's page with what its buyers say."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session
from reviews_app.queries.find_product import find_product
from reviews_app.queries.find_store import find_store
from reviews_app.queries.page_standing import page_standing
from reviews_app.queries.product_summary import product_summary
from reviews_app.queries.review_list import Order, review_page
from reviews_app.web.guards import public
from reviews_app.web.kept_pages import kept_page
from reviews_app.web.page_language import asked_language, choose_language
from reviews_app.web.storefront.blueprint import storefront
from reviews_app.web.storefront.gallery import first_of_gallery
from reviews_app.web.storefront.structured_data import structured_data
from reviews_app.web.tools import tools

STARS = {str(stars): stars for stars in range(1, 6)}
LONGEST_KEY = 120


@dataclass(frozen=True, slots=True)
class ListView:
    """What the address asks of the review list; anything unreadable means its default."""

    store: str
    handle: str
    order: Order
    stars: int | None
    after: str
    language: str | None

    def link(self, *, stars: int | None, order: Order | None = None, after: str | None = None) -> str:
        """The same page with another filter, order or place."""
        chosen = order or self.order
        return url_for(
            ".product_page",
            store=self.store,
            handle=self.handle,
            stars=stars,
            sort=None if chosen is Order.NEWEST else chosen,
            after=after,
            lang=self.language,
            _anchor="reviews",
        )


@storefront.get("/products/<handle>")
@public
def product_page(store: str, handle: str) -> ResponseReturnValue:
    """Gallery, facts, summary and the reviews, all rendered here."""
    standing = page_standing(session(), store, handle)
    language = choose_language(standing)
    view = _list_view(store, handle)
    if view.after:
        # Pages further down are rarely asked for, and anybody can make up as many keys as they like.
        return _rendered(view)
    key = (standing.product_id, language, view)
    return kept_page(key, standing.stamps, render=lambda: _rendered(view))


def _rendered(view: ListView) -> str:
    shop = find_store(session(), view.store)
    product = find_product(session(), shop, view.handle)
    summary = product_summary(session(), product)
    reviews = review_page(session(), shop, product, order=view.order, stars=view.stars, after=view.after)
    return render_template(
        "storefront/product.html",
        shop=shop,
        product=product,
        summary=summary,
        page=reviews,
        gallery=first_of_gallery(shop, product, summary),
        view=view,
        orders=list(Order),
        structured_data=structured_data(product, summary, reviews, shop=shop, addresses=tools().addresses),
    )


def _list_view(store: str, handle: str) -> ListView:
    asked = request.args
    sort = asked.get("sort", "")
    return ListView(
        store=store,
        handle=handle,
        order=Order(sort) if sort in set(Order) else Order.NEWEST,
        stars=STARS.get(asked.get("stars", "")),
        after=asked.get("after", "")[:LONGEST_KEY],
        language=asked_language(),
    )
