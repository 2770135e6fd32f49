"""Domain errors and HTTP errors, translated once into pages that say what happened and what to do."""

from dataclasses import dataclass

from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from reviews_app.db.database import session
from reviews_app.media.keeper import StorageAway
from reviews_app.queries.find_store import find_store
from reviews_app.queries.not_found import NotFound

WORDS: dict[int, tuple[str, str]] = {
    400: ("That request could not be read", "Go back and send it once more. Nothing was changed."),
    403: ("This is not open to you", "Ask the store's owner if you think it should be."),
    404: ("There is no page here", "The address may be mistyped, or what was here has gone."),
    405: ("This address cannot be used that way", "Go back and use the buttons on the page."),
    410: ("What was here has gone", "Ask the shop for a new link."),
    413: ("That was too large", "Send smaller or fewer pictures. Nothing was changed."),
    415: ("This address takes forms alone", "Go back and use the form on the page. Nothing was changed."),
    429: ("Too many requests from your network", "Wait a minute and try again. Nothing was lost."),
    503: ("The store cannot answer just now", "Try again in a moment. Nothing was changed."),
}
NOTHING_HERE = frozenset({404, 405, 410})
OTHERWISE = ("Something went wrong on our side", "Nothing was changed. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Onward:
    """A link to go on by."""

    url: str
    words: str


def register_error_pages(app: Flask) -> None:
    """Install the pages."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(NotFound, lambda _error: error_page(404))
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(StorageAway, show_busy)


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """A page in words for any HTTP error; redirects and ready answers pass through."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    return error_page(status)


def show_busy(_error: OperationalError | StorageAway) -> ResponseReturnValue:
    """The database or the storage did not answer in time: say so, with when to try again."""
    body, status = error_page(503)
    return body, status, {"Retry-After": "5"}


def error_page(status: int, title: str = "", advice: str = "") -> tuple[str, int]:
    """The page for one status, with the given words or the usual ones."""
    usual = WORDS.get(status, OTHERWISE if status >= 500 else WORDS[400])
    page = render_template(
        "layouts/error_page.html", title=title or usual[0], advice=advice or usual[1], onward=_onward(status)
    )
    return page, status


def _onward(status: int) -> Onward | None:
    """Where nothing is, the nearest page there is: the shop the address names, or the merchant's own stores."""
    if status not in NOTHING_HERE:
        return None
    if request.path.startswith("/merchant/"):
        return Onward(url_for("merchant.stores"), "To your stores")
    start, store = request.path.split("/", 3)[1:3] if request.path.startswith("/stores/") else ("", "")
    try:
        shop = find_store(session(), store) if start else None
    except (NotFound, SQLAlchemyError):
        shop = None
    return Onward(url_for("storefront.catalogue", store=shop.slug), f"To {shop.name}") if shop else None
