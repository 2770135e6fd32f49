"""What buyers' pictures and videos show of a product: all of them, or the first few on its page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.queries.find_product import find_product
from reviews_app.queries.find_store import find_store
from reviews_app.queries.gallery import GalleryPage, gallery_page
from reviews_app.queries.product_summary import Summary, product_summary
from reviews_app.web.guards import public
from reviews_app.web.page_language import choose_language
from reviews_app.web.storefront.blueprint import storefront

FIRST = 8
LONGEST_KEY = 200


@storefront.get("/products/<handle>/reviews/photos")
@public
def gallery(store: str, handle: str) -> ResponseReturnValue:
    """A page of them, each with who sent it and their stars."""
    shop = find_store(session(), store)
    product = find_product(session(), shop, handle)
    choose_language(shop)
    after = request.args.get("after", "")[:LONGEST_KEY]
    return render_template(
        "storefront/gallery.html",
        shop=shop,
        product=product,
        summary=product_summary(session(), product),
        gallery=gallery_page(session(), shop, product, after=after),
    )


def first_of_gallery(shop: Store, product: Product, summary: Summary | None) -> GalleryPage:
    """The newest few; nothing is asked of the database where no review has any."""
    if summary is None or not summary.with_media:
        return GalleryPage((), None)
    return gallery_page(session(), shop, product, size=FIRST)
