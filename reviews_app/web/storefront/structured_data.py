"""One JSON-LD block for search engines: Product, and its rating only when there is one."""

from typing import Any

import orjson
from flask_babel import gettext
from markupsafe import Markup

from reviews_app.lib.addresses import Addresses
from reviews_app.lib.money import plain_amount
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.queries.product_summary import Summary
from reviews_app.queries.review_list import ReviewPage, ShownReview

# Inside a script element nothing may look like markup, and two separators end a line in old JavaScript.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
PICTURE_WIDTH = 1600


def structured_data(
    product: Product, summary: Summary | None, page: ReviewPage, *, shop: Store, addresses: Addresses
) -> Markup:
    """The block's JSON as it may stand inside a script element."""
    address = addresses.product_page(shop.slug, product.handle)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": address,
        "name": product.title,
        "description": product.description,
        "url": address,
        "image": [addresses.picture(one.name, PICTURE_WIDTH) for one in product.pictures],
        "sku": product.variants[0].sku if product.variants else product.shop_id,
        "brand": {"@type": "Brand", "name": shop.name},
    }
    if product.price_minor is not None:
        data["offers"] = {
            "@type": "Offer",
            "price": f"{plain_amount(product.price_minor, product.currency):f}",
            "priceCurrency": product.currency,
            "url": address,
        }
    if summary is not None:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(summary.exact_average, 2),
            "reviewCount": summary.total,
            "bestRating": 5,
            "worstRating": 1,
        }
        data["review"] = [_review(one, addresses) for one in page.reviews]
    return Markup(orjson.dumps(data).decode().translate(ESCAPES))  # noqa: S704 - escaped in the line itself


def _review(one: ShownReview, addresses: Addresses) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": "Review",
        "author": {"@type": "Person", "name": one.display_name},
        "datePublished": one.created_at.date().isoformat(),
        "inLanguage": one.language_code,
        "reviewBody": one.body,
        "reviewRating": {"@type": "Rating", "ratingValue": one.rating, "bestRating": 5, "worstRating": 1},
    }
    if one.is_incentivised:
        said["disambiguatingDescription"] = gettext("Received an incentive")
    pictures = [addresses.picture(shown.name, PICTURE_WIDTH) for shown in one.media if not shown.is_video]
    return said | ({"name": one.title} if one.title else {}) | ({"image": pictures} if pictures else {})
