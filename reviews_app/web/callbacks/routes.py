"""Every address machines may call."""

from reviews_app.web.callbacks import own, shopify, woocommerce
from reviews_app.web.callbacks.blueprint import callbacks

__all__ = ["callbacks", "own", "shopify", "woocommerce"]
