"""The merchant's house with every route on it."""

from reviews_app.web.merchant import (
    attributes,
    deliveries,
    home,
    imports,
    join,
    kustomer,
    kustomer_files,
    kustomer_sending,
    look_back,
    media,
    media_limits,
    members,
    order_sources,
    orders,
    products,
    request_rule,
    requests,
    reviews,
    rewards,
    settings,
    stores,
    times,
)
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.navigation import dashboard_values

merchant.context_processor(dashboard_values)

__all__ = [
    "attributes",
    "deliveries",
    "home",
    "imports",
    "join",
    "kustomer",
    "kustomer_files",
    "kustomer_sending",
    "look_back",
    "media",
    "media_limits",
    "members",
    "merchant",
    "order_sources",
    "orders",
    "products",
    "request_rule",
    "requests",
    "reviews",
    "rewards",
    "settings",
    "stores",
    "times",
]
