"""The button's door: the form, its pictures, the thank-you."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.mail.offer import shown_offer
from reviews_app.models.product import Product
from reviews_app.models.review import Source
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store
from reviews_app.queries.find_product import find_store_and_product
from reviews_app.queries.page_standing import PageStanding, page_standing
from reviews_app.queries.review_list import shown_review
from reviews_app.queries.reward_offer import offered_terms, terms_of
from reviews_app.services.submit_by_button import submit_by_button
from reviews_app.web.guards import public
from reviews_app.web.kept_pages import find_or_keep
from reviews_app.web.page_language import asked_language, choose_language
from reviews_app.web.review_form.form import Preset, ReviewForm, open_form
from reviews_app.web.review_form.form_id import FormId
from reviews_app.web.review_form.offer import offered_id
from reviews_app.web.review_form.picture_words import words_of_failures
from reviews_app.web.review_form.staging import answer_staging
from reviews_app.web.review_form.submission import (
    FormPage,
    answer_form,
    is_fragment,
    is_suspect,
    show_form,
    take_form_id,
)
from reviews_app.web.review_form.thanks import thanked_review, thanks_token
from reviews_app.web.review_form.tokens import MARKS, filled, fresh_tokens
from reviews_app.web.storefront.blueprint import storefront
from reviews_app.web.storefront.form_kinds import form_of_product
from reviews_app.web.tools import tools

BUTTON = Source.WRITE_REVIEW_BUTTON
STARS = frozenset("12345")


@storefront.get("/products/<handle>/reviews/new")
@public
def write_review(store: str, handle: str) -> ResponseReturnValue:
    """The form, empty but for a star the address may name; kept, with fresh tokens for each who opens it."""
    standing = page_standing(session(), store, handle)
    language = choose_language(standing)
    terms = offered_terms(session(), standing.store_id, BUTTON)
    offer = shown_offer(terms, BUTTON, language=language) if terms else None
    key = ("form", standing.product_id, language, asked_language(), _preset_star(), is_fragment(), offer)

    def blank() -> str:
        return show_form(_form(standing), _page(standing, terms), MARKS)

    kept = find_or_keep(key, standing.form_stamps, render=blank)
    return filled(kept.body, fresh_tokens(terms)).decode()


@storefront.post("/products/<handle>/reviews/new")
@public
def receive_review(store: str, handle: str) -> ResponseReturnValue:
    """Save the review, or show the form again with words."""
    standing = page_standing(session(), store, handle)
    choose_language(standing)
    form = _form(standing)

    def save(form_id: FormId) -> ResponseReturnValue:
        draft = form.draft(form_id, is_suspect=is_suspect(form, form_id))
        with transaction() as writing:
            shop, product = find_store_and_product(writing, store, handle)
            terms = _terms_of(form, standing)
            review = submit_by_button(writing, draft, store=shop, product=product, terms=terms, tools=tools())
            token = thanks_token(review)
        return redirect(url_for(".thanks", store=store, handle=handle, token=token, lang=asked_language()), 303)

    return answer_form(form, lambda: _page(standing, _terms_of(form, standing)), save=save)


@storefront.post("/products/<handle>/reviews/pictures")
@public
def stage_pictures(store: str, handle: str) -> ResponseReturnValue:
    """One picture of a form that is still being written."""
    shop, _ = _shop_and_product(store, handle)
    return answer_staging(shop)


@storefront.get("/products/<handle>/reviews/thanks/<token>")
@public
def thanks(store: str, handle: str, token: str) -> ResponseReturnValue:
    """The review as it will look. The same words whether it waits or not, except where the store holds all."""
    shop, product = _shop_and_product(store, handle)
    review = thanked_review(session(), shop, product, token=token)
    page = render_template(
        "storefront/thanks.html",
        shop=shop,
        product=product,
        shown=shown_review(review, shop),
        not_shown=words_of_failures(review, shop),
        draft_key=product.id,
        back_url=url_for(".product_page", store=store, handle=handle, lang=asked_language()),
    )
    return page, {"Cache-Control": "no-store"}


def _shop_and_product(store: str, handle: str) -> tuple[Store, Product]:
    shop, product = find_store_and_product(session(), store, handle)
    choose_language(shop)
    return shop, product


def _form(standing: PageStanding) -> ReviewForm:
    return open_form(form_of_product(standing), Preset(rating=_preset_star()), known_email=False)


def _preset_star() -> str | None:
    """The star the address names; anything else there is none, and no key for another kept form."""
    star = request.args.get("rating", "")
    return star if star in STARS else None


def _terms_of(form: ReviewForm, standing: PageStanding) -> RewardTerms | None:
    """What this form promised when it was opened."""
    terms_id = offered_id(form.offer.data or "", take_form_id(form))
    return terms_of(session(), standing.store_id, terms_id) if terms_id else None


def _page(standing: PageStanding, terms: RewardTerms | None) -> FormPage:
    shop, product = find_store_and_product(session(), standing.slug, standing.handle)
    return FormPage(
        shop=shop,
        product=product,
        terms=terms,
        template="storefront/review_form.html",
        action=url_for(".receive_review", store=shop.slug, handle=product.handle, lang=asked_language()),
        staging=url_for(".stage_pictures", store=shop.slug, handle=product.handle),
    )
