"""The links' doors with every route on them."""

from reviews_app.web.review_links import (
    confirm,
    line_wishes,
    new_link,
    order_page,
    own_review,
    review_by_link,
    seen,
    stop_requests,
)
from reviews_app.web.review_links.blueprint import confirmations, review_links

__all__ = [
    "confirm",
    "confirmations",
    "line_wishes",
    "new_link",
    "order_page",
    "own_review",
    "review_by_link",
    "review_links",
    "seen",
    "stop_requests",
]
