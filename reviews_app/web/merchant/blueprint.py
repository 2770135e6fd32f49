"""The merchant's house."""

from flask import Blueprint, Response

merchant = Blueprint("merchant", __name__, url_prefix="/merchant")


@merchant.after_request
def keep_private(response: Response) -> Response:
    """Pages of a store lie in no cache."""
    response.headers["Cache-Control"] = "no-store"
    return response
