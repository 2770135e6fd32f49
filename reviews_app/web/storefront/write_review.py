"""The button's door: the form, its pictures, the thank-you."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.models.product import Product
from reviews_app.models.review import Source
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store
from reviews_app.queries.find_product import find_product
from reviews_app.queries.find_store import find_store
from reviews_app.queries.review_list import shown_review
from reviews_app.queries.reward_offer import offered_terms, terms_of
from reviews_app.services.answer_attributes import attributes_of
from reviews_app.services.submit_by_button import submit_by_button
from reviews_app.web.guards import public
from reviews_app.web.page_language import asked_language, choose_language
from reviews_app.web.review_form.form import Preset, ReviewForm, review_form_for
from reviews_app.web.review_form.form_id import FormId
from reviews_app.web.review_form.offer import offered_id
from reviews_app.web.review_form.picture_words import words_of_failures
from reviews_app.web.review_form.staging import answer_staging
from reviews_app.web.review_form.submission import FormPage, answer_form, is_suspect, show_form, take_form_id
from reviews_app.web.review_form.thanks import thanked_review, thanks_token
from reviews_app.web.storefront.blueprint import storefront
from reviews_app.web.tools import tools


@storefront.get("/products/<handle>/reviews/new")
@public
def write_review(store: str, handle: str) -> ResponseReturnValue:
    """The form, empty but for a star the address may name."""
    shop, product = _shop_and_product(store, handle)
    terms = offered_terms(session(), shop, Source.WRITE_REVIEW_BUTTON)
    return show_form(_form(product), _page(shop, product, terms))


@storefront.post("/products/<handle>/reviews/new")
@public
def receive_review(store: str, handle: str) -> ResponseReturnValue:
    """Save the review, or show the form again with words."""
    shop, product = _shop_and_product(store, handle)
    form = _form(product)
    terms = _terms_of(form, shop)

    def save(form_id: FormId) -> ResponseReturnValue:
        draft = form.draft(form_id, is_suspect=is_suspect(form, form_id))
        with transaction() as writing:
            review = submit_by_button(writing, draft, store=shop, product=product, terms=terms, tools=tools())
            token = thanks_token(review)
        return redirect(url_for(".thanks", store=store, handle=handle, token=token, lang=asked_language()), 303)

    return answer_form(form, _page(shop, product, terms), save=save)


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
    shop = find_store(session(), store)
    product = find_product(session(), shop, handle)
    choose_language(shop)
    return shop, product


def _form(product: Product) -> ReviewForm:
    preset = Preset(rating=request.args.get("rating"))
    return review_form_for(product, attributes_of(session(), product), preset, known_email=False)


def _terms_of(form: ReviewForm, shop: Store) -> RewardTerms | None:
    """What this form promised when it was opened."""
    terms_id = offered_id(form.offer.data or "", take_form_id(form))
    return terms_of(session(), shop, terms_id) if terms_id else None


def _page(shop: Store, product: Product, terms: RewardTerms | None) -> FormPage:
    return FormPage(
        shop=shop,
        product=product,
        terms=terms,
        template="storefront/review_form.html",
        action=url_for(".receive_review", store=shop.slug, handle=product.handle, lang=asked_language()),
        staging=url_for(".stage_pictures", store=shop.slug, handle=product.handle),
    )
