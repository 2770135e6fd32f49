"""The storefront with every route on it."""

from reviews_app.web.storefront import gallery, product_page, shop_pages, write_review
from reviews_app.web.storefront.blueprint import storefront

__all__ = ["gallery", "product_page", "shop_pages", "storefront", "write_review"]
