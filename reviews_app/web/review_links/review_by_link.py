"""The form of one product of an order, its author known by the link."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.models.order import OrderLine
from reviews_app.models.review_request import LinkExpired, LinkUsed
from reviews_app.queries.find_product import find_product_by_id
from reviews_app.queries.find_review_request import FoundRequest, find_review_request
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.review_list import shown_review
from reviews_app.services.answer_attributes import attributes_of
from reviews_app.services.submit_by_link import submit_by_link
from reviews_app.web.guards import by_link
from reviews_app.web.page_language import choose_language
from reviews_app.web.review_form.form import Preset, ReviewForm, review_form_for
from reviews_app.web.review_form.form_id import FormId
from reviews_app.web.review_form.staging import answer_staging
from reviews_app.web.review_form.submission import FormPage, answer_form, show_form, take_form_id
from reviews_app.web.review_form.thanks import thanked_review, thanks_token
from reviews_app.web.review_links.blueprint import review_links
from reviews_app.web.tools import tools


@review_links.get("/<uuid:product_id>")
@by_link
def open_form(token: str, product_id: UUID) -> ResponseReturnValue:
    """The form; opening it changes nothing, a star in the address only preselects."""
    found, line = _found(token, product_id)
    try:
        found.request.check(product_id, tools().clock())
    except LinkUsed:
        return _gone(found, token, "used")
    except LinkExpired:
        return _gone(found, token, "expired")
    return show_form(_form(found, line), _page(found, line, token))


@review_links.post("/<uuid:product_id>")
@by_link
def receive_by_link(token: str, product_id: UUID) -> ResponseReturnValue:
    """Save the review, verified, or show the form again with words."""
    found, line = _found(token, product_id)
    form = _form(found, line)

    def save(form_id: FormId) -> ResponseReturnValue:
        draft = form.draft(form_id, is_suspect=False, email=found.request.order.customer.email)
        with transaction() as writing:
            review = submit_by_link(writing, draft, request=found.request, line=line, store=found.store, tools=tools())
            thanks = thanks_token(review)
        return redirect(url_for(".thanks", token=token, product_id=product_id, thanks_token=thanks), 303)

    try:
        if take_form_id(form) is None:
            found.request.check(product_id, tools().clock())
        return answer_form(form, _page(found, line, token), save=save)
    except LinkUsed:
        return _gone(found, token, "used")
    except LinkExpired:
        return _gone(found, token, "expired")


@review_links.post("/<uuid:product_id>/pictures")
@by_link
def stage_pictures(token: str, product_id: UUID) -> ResponseReturnValue:
    """One picture of a form that is still being written."""
    found, _ = _found(token, product_id)
    try:
        found.request.check(product_id, tools().clock())
    except (LinkUsed, LinkExpired):
        raise NotFound from None
    return answer_staging(found.store)


@review_links.get("/<uuid:product_id>/thanks/<thanks_token>")
@by_link
def thanks(token: str, product_id: UUID, thanks_token: str) -> ResponseReturnValue:
    """The review as it will look, and the way to the order's other products."""
    found, line = _found(token, product_id)
    review = thanked_review(session(), found.store, thanks_token)
    return render_template(
        "storefront/thanks.html",
        shop=found.store,
        product=line.product,
        shown=shown_review(review, found.store),
        draft_key=product_id,
        back_url=url_for("storefront.product_page", store=found.store.slug, handle=line.product.handle),
        others_url=url_for(".order_page", token=token) if len(found.request.order.lines) > 1 else "",
    )


def _found(token: str, product_id: UUID) -> tuple[FoundRequest, OrderLine]:
    found = find_review_request(session(), token)
    line = next((one for one in found.request.order.lines if one.product_id == product_id), None)
    if line is None:
        raise NotFound
    choose_language(found.store)
    return found, line


def _form(found: FoundRequest, line: OrderLine) -> ReviewForm:
    order = found.request.order
    product = find_product_by_id(session(), found.store, line.product_id)
    preset = Preset(
        rating=request.args.get("rating"),
        name=order.customer.name,
        email=order.customer.email,
        country=order.country_code or "",
        variant=str(line.variant_id or ""),
    )
    return review_form_for(product, attributes_of(session(), product), preset, known_email=True)


def _page(found: FoundRequest, line: OrderLine, token: str) -> FormPage:
    return FormPage(
        shop=found.store,
        product=line.product,
        template="storefront/review_form.html",
        action=url_for(".receive_by_link", token=token, product_id=line.product_id),
        staging=url_for(".stage_pictures", token=token, product_id=line.product_id),
        is_link=True,
    )


def _gone(found: FoundRequest, token: str, why: str) -> ResponseReturnValue:
    page = render_template(
        "review_links/gone.html",
        shop=found.store,
        why=why,
        others_url=url_for(".order_page", token=token) if len(found.request.order.lines) > 1 else "",
    )
    return page, 410
