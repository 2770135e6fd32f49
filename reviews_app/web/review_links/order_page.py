"""All products of an order: one with its form open, the others a line each."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from reviews_app.queries.order_to_review import LineToReview
from reviews_app.web.guards import by_link
from reviews_app.web.review_form.submission import show_form
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.review_links.form_page import form_page, link_form
from reviews_app.web.review_links.opened import OpenedLink, gone_page, has_run_out, open_link
from reviews_app.web.review_links.order_view import order_view


@review_links.get("")
@by_link
def order_page(token: str) -> ResponseReturnValue:
    """The first product still to review, open."""
    link = open_link(token)
    return _page(link, link.standing.next_open())


@review_links.get("/<uuid:product_id>")
@by_link
def open_form(token: str, product_id: UUID) -> ResponseReturnValue:
    """One product's form; opening it changes nothing, a star in the address only preselects."""
    link = open_link(token)
    return _page(link, link.line(product_id))


def _page(link: OpenedLink, line: LineToReview | None) -> ResponseReturnValue:
    if has_run_out(link):
        return gone_page(link, "expired")
    if line is not None and line.may_be_reviewed:
        rating = request.args.get("rating")
        return show_form(link_form(link, line, rating=rating), form_page(link, line, rating=rating))
    return render_template("review_links/order.html", shop=link.store, order=order_view(link, asked=line), form=None)
