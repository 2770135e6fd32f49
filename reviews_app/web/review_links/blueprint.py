"""The door of the links we mail: the token in the address is the permission."""

from flask import Blueprint, Response

review_links = Blueprint("review_links", __name__, url_prefix="/r/<token>")
confirmations = Blueprint("confirmations", __name__, url_prefix="/confirm/<token>")


@review_links.after_request
@confirmations.after_request
def keep_the_token_here(response: Response) -> Response:
    """The token must not leave by a referrer or lie in a cache."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
