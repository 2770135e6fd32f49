"""The review form of one product of an order, its author known by the link."""

from flask import url_for

from reviews_app.db.database import session
from reviews_app.queries.find_product import find_product_by_id
from reviews_app.queries.order_to_review import LineToReview
from reviews_app.queries.reward_offer import has_earned
from reviews_app.services.answer_attributes import attributes_of
from reviews_app.web.review_form.form import ReviewForm, review_form_for
from reviews_app.web.review_form.submission import FormPage
from reviews_app.web.review_links.known_person import known_person, preset_of
from reviews_app.web.review_links.opened import OpenedLink
from reviews_app.web.review_links.order_view import order_view

STARS = {str(stars): stars for stars in range(1, 6)}


def link_form(link: OpenedLink, line: LineToReview, *, rating: str | None = None) -> ReviewForm:
    """The form, filled from the order and from what was told before."""
    product = find_product_by_id(session(), link.store, line.product_id)
    variant = str(line.line.variant_id or "")
    preset = preset_of(link, rating=rating, variant=variant)
    return review_form_for(product, attributes_of(session(), product), preset, known_email=True)


def form_page(link: OpenedLink, line: LineToReview, *, rating: str | None = None) -> FormPage:
    """The order's page with this product's form in it."""
    return FormPage(
        shop=link.store,
        product=line.line.product,
        template="review_links/order.html",
        action=url_for(".receive_by_link", token=link.token, product_id=line.product_id),
        staging=url_for(".stage_pictures", token=link.token, product_id=line.product_id),
        is_link=True,
        terms=None if has_earned(session(), link.order) else link.request.terms,
        extra={
            "order": order_view(link, opened=line),
            "person": known_person(link),
            "chosen": STARS.get(rating or ""),
        },
    )
