"""One's own review by its link: changed or deleted until the link runs out."""

from dataclasses import replace
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from reviews_app.db.database import session, transaction
from reviews_app.models.media import Media
from reviews_app.models.review import Review
from reviews_app.models.review_request import LinkExpired
from reviews_app.queries.find_product import find_product_by_id
from reviews_app.services.answer_attributes import attributes_of
from reviews_app.services.own_review import edit_by_link, own_review, withdraw_by_link
from reviews_app.web.guards import by_link
from reviews_app.web.review_form.form import ReviewForm, review_form_for
from reviews_app.web.review_form.form_id import FormId
from reviews_app.web.review_form.staging import answer_staging
from reviews_app.web.review_form.submission import FormPage, answer_form, show_form
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.review_links.form_page import link_form
from reviews_app.web.review_links.known_person import preset_of_review
from reviews_app.web.review_links.opened import OpenedLink, gone_page, open_link
from reviews_app.web.tools import tools


class DeleteForm(FlaskForm):
    """Nothing but the token against foreign pages."""


@review_links.get("/<uuid:product_id>/edit")
@by_link
def edit_form(token: str, product_id: UUID) -> ResponseReturnValue:
    """The review as its author left it, in the form it came by."""
    link = open_link(token)
    try:
        review = own_review(session(), link.product(product_id), tools=tools())
    except LinkExpired:
        return gone_page(link, "expired")
    return show_form(_form(link, review), _page(link, review))


@review_links.post("/<uuid:product_id>/edit")
@by_link
def receive_edit(token: str, product_id: UUID) -> ResponseReturnValue:
    """Save what was changed, or show the form again with words."""
    link = open_link(token)
    try:
        review = own_review(session(), link.product(product_id), tools=tools())
        form = _form(link, review)

        def save(form_id: FormId) -> ResponseReturnValue:
            draft = form.draft(form_id, is_suspect=False, email=link.order.customer.email)
            linked, dropped = link.product(product_id), _dropped()
            with transaction() as writing:
                edit_by_link(writing, draft, linked=linked, store=link.store, dropped=dropped, tools=tools())
            return redirect(url_for(".open_form", token=token, product_id=product_id, said=product_id), 303)

        return answer_form(form, lambda: _page(link, review), save=save)
    except LinkExpired:
        return gone_page(link, "expired", typed=link_form(link, link.line(product_id)))


@review_links.post("/<uuid:product_id>/edit/pictures")
@by_link
def stage_more_pictures(token: str, product_id: UUID) -> ResponseReturnValue:
    """One more picture for a review that is being changed."""
    link = open_link(token)
    try:
        review = own_review(session(), link.product(product_id), tools=tools())
    except LinkExpired:
        return gone_page(link, "expired")
    return answer_staging(link.store, beside=_beside(review))


@review_links.get("/<uuid:product_id>/delete")
@by_link
def ask_to_delete(token: str, product_id: UUID) -> ResponseReturnValue:
    """The question; opening it changes nothing."""
    link = open_link(token)
    try:
        review = own_review(session(), link.product(product_id), tools=tools())
    except LinkExpired:
        return gone_page(link, "expired")
    return _question(link, review, DeleteForm())


@review_links.post("/<uuid:product_id>/delete")
@by_link
def delete(token: str, product_id: UUID) -> ResponseReturnValue:
    """Delete it for good."""
    link = open_link(token)
    form = DeleteForm()
    try:
        review = own_review(session(), link.product(product_id), tools=tools())
        if not form.validate_on_submit():
            return _question(link, review, form), 422
        with transaction() as writing:
            withdraw_by_link(writing, link.product(product_id), tools=tools())
    except LinkExpired:
        return gone_page(link, "expired")
    return redirect(url_for(".order_page", token=token, said=product_id), 303)


def _form(link: OpenedLink, review: Review) -> ReviewForm:
    product = find_product_by_id(session(), link.store, review.product_id)
    attributes = attributes_of(session(), product)
    preset = replace(preset_of_review(review, attributes), email=link.order.customer.email)
    return review_form_for(product, attributes, preset, known_email=True)


def _page(link: OpenedLink, review: Review) -> FormPage:
    pictures: list[Media] = list(review.media)
    return FormPage(
        shop=link.store,
        product=review.product,
        template="review_links/edit.html",
        action=url_for(".receive_edit", token=link.token, product_id=review.product_id),
        staging=url_for(".stage_more_pictures", token=link.token, product_id=review.product_id),
        is_link=True,
        beside=_beside(review),
        extra={"link": link, "kept_pictures": pictures, "editing": True, "dropped": _dropped()},
    )


def _question(link: OpenedLink, review: Review, form: DeleteForm) -> str:
    return render_template("review_links/delete.html", shop=link.store, link=link, review=review, form=form)


def _beside(review: Review) -> int:
    """How many of its pictures stay and take a place of those that fit."""
    dropped = _dropped()
    return sum(one.takes_place and one.id not in dropped for one in review.media)


def _dropped() -> frozenset[UUID]:
    """The pictures to take away; what is no id takes none away."""
    found = set()
    for text in request.form.getlist("drop_picture"):
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)
