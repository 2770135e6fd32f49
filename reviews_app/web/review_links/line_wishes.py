"""Not yet, or not this one: two buttons beside every product of an order."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from reviews_app.db.database import transaction
from reviews_app.models.line_wish import Wish
from reviews_app.models.review_request import LinkExpired, LinkUsed, ProductGivenBack
from reviews_app.services.answer_later import answer_later
from reviews_app.web.error_pages import error_page
from reviews_app.web.guards import by_link
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.review_links.opened import gone_page, open_link
from reviews_app.web.review_links.order_view import NotNowForm
from reviews_app.web.review_links.review_by_link import next_address
from reviews_app.web.tools import tools


@review_links.post("/<uuid:product_id>/later")
@by_link
def ask_later(token: str, product_id: UUID) -> ResponseReturnValue:
    """Not tried yet: a new mail comes in two weeks."""
    return _keep(token, product_id, Wish.LATER)


@review_links.post("/<uuid:product_id>/skip")
@by_link
def skip(token: str, product_id: UUID) -> ResponseReturnValue:
    """No review of this one; nobody asks about it again."""
    return _keep(token, product_id, Wish.SKIP)


def _keep(token: str, product_id: UUID, wish: Wish) -> ResponseReturnValue:
    link = open_link(token)
    if not NotNowForm().validate_on_submit():
        advice = gettext("Go back, load the page once more and press again. Nothing was changed.")
        return error_page(422, gettext("The page had been open for long, or cookies are off"), advice)
    try:
        with transaction() as writing:
            answer_later(writing, link.product(product_id), wish, tools=tools())
    except LinkUsed:
        return gone_page(link, "used")
    except ProductGivenBack:
        return gone_page(link, "given_back")
    except LinkExpired:
        return gone_page(link, "expired")
    return redirect(_back(token, product_id) or next_address(link, product_id), 303)


def _back(token: str, product_id: UUID) -> str:
    """The form that was open stays open, unless its own product was answered."""
    try:
        opened = UUID(request.args.get("open", ""))
    except ValueError:
        return ""
    here = url_for(".open_form", token=token, product_id=opened, said=product_id)
    return here if opened != product_id else ""
