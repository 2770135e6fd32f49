"""The links' door with every route on it."""

from reviews_app.web.review_links import line_wishes, order_page, own_review, review_by_link, stop_requests
from reviews_app.web.review_links.blueprint import review_links

__all__ = ["line_wishes", "order_page", "own_review", "review_by_link", "review_links", "stop_requests"]
