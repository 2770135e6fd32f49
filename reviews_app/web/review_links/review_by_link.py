"""Takes in what was written by a link: a review, its pictures."""

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.models.review_request import LinkExpired, LinkUsed, ProductGivenBack
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.order_to_review import order_to_review
from reviews_app.services.submit_by_link import open_line, submit_by_link
from reviews_app.web.guards import by_link
from reviews_app.web.review_form.form_id import FormId
from reviews_app.web.review_form.staging import answer_staging
from reviews_app.web.review_form.submission import answer_form, take_form_id
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.review_links.form_page import form_page, link_form
from reviews_app.web.review_links.opened import OpenedLink, gone_page, open_link
from reviews_app.web.tools import tools


@review_links.post("/<uuid:product_id>")
@by_link
def receive_by_link(token: str, product_id: UUID) -> ResponseReturnValue:
    """Save the review, verified, and open the next product; or show the form again with words."""
    link = open_link(token)
    line = link.line(product_id)
    form = link_form(link, line)

    def save(form_id: FormId) -> ResponseReturnValue:
        draft = form.draft(form_id, is_suspect=False, email=link.order.customer.email)
        with transaction() as writing:
            submit_by_link(writing, draft, linked=link.product(product_id), store=link.store, tools=tools())
        return redirect(next_address(link, product_id), 303)

    try:
        if take_form_id(form) is None:
            open_line(session(), link.product(product_id), tools=tools())
        return answer_form(form, lambda: form_page(link, line), save=save)
    except LinkUsed:
        return gone_page(link, "used", typed=form)
    except ProductGivenBack:
        return gone_page(link, "given_back", typed=form)
    except LinkExpired:
        return gone_page(link, "expired", typed=form)


@review_links.post("/<uuid:product_id>/pictures")
@by_link
def stage_pictures(token: str, product_id: UUID) -> ResponseReturnValue:
    """One picture of a form that is still being written."""
    link = open_link(token)
    try:
        open_line(session(), link.product(product_id), tools=tools())
    except (LinkUsed, LinkExpired, ProductGivenBack):
        raise NotFound from None
    return answer_staging(link.store)


def next_address(link: OpenedLink, product_id: UUID) -> str:
    """The order's page with the next open product, and a word about the one just answered."""
    following = order_to_review(session(), link.order).next_open(after=product_id)
    if following is None:
        return url_for(".order_page", token=link.token, said=product_id)
    return url_for(".open_form", token=link.token, product_id=following.product_id, said=product_id)
