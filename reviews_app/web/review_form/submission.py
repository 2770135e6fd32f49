"""What both doors do with a sent form: read its id, keep its pictures, check it, answer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.exc import OperationalError

from reviews_app.db.database import session
from reviews_app.mail.offer import ShownOffer, shown_offer
from reviews_app.models.attribute import AttributeAbout
from reviews_app.models.product import Product
from reviews_app.models.review import Source
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store
from reviews_app.services.stage_picture import Sent, Ticket, TooManyPictures
from reviews_app.services.staged_pictures import MOST_CAPTION
from reviews_app.web.limits import may_submit
from reviews_app.web.page_language import page_language
from reviews_app.web.review_form import pictures
from reviews_app.web.review_form.form import MOST_BODY, STAR_WORDS, ReviewForm
from reviews_app.web.review_form.form_id import FormId, form_id_of, new_form_id
from reviews_app.web.review_form.picture_words import limits_hint, script_limits, words_for
from reviews_app.web.review_form.proof_of_work import is_proved, new_challenge
from reviews_app.web.review_form.sender import sender_key
from reviews_app.web.review_form.tokens import FormTokens, fresh_tokens

# Password managers and dictation are fast: this only holds a review for a person to read, never refuses it.
FASTEST_SECONDS = 3
QUESTION_GONE = lazy_gettext(
    "A question was taken off this form meanwhile. Look through your answers and send them once more."
)
BUSY = lazy_gettext("The shop is very busy. Nothing is lost: wait a moment and send it once more.")
BUSY_WITHOUT_FILES = lazy_gettext(
    "The shop is very busy. Your words are kept: wait a moment, choose the files below again and send it once more."
)


@dataclass(frozen=True, slots=True)
class FormPage:
    """Everything the form's page shows beside the form itself; `beside` counts pictures that a changed review keeps."""

    shop: Store
    product: Product
    template: str
    action: str
    staging: str
    is_link: bool = False
    beside: int = 0
    terms: RewardTerms | None = None
    extra: dict[str, object] = field(default_factory=dict)


def show_form(form: ReviewForm, page: FormPage, tokens: FormTokens | None = None) -> str:
    """The form as it opens, with these tokens, or with fresh ones and the offer of this moment."""
    (tokens or fresh_tokens(page.terms)).put_on(form)
    return _render(form, page, errors=[], staged=[])


def refuse(form: ReviewForm, page: FormPage, form_id: FormId | None) -> ResponseReturnValue:
    """The form again with everything typed and chosen, and words at each field."""
    held = pictures.staged(page.shop, form_id.value, request.form) if form_id else []
    if form_id is None:
        form.form_id.data, form.offer.data = new_form_id(), ""
    return _render(form, page, errors=_errors(form), staged=held), 422


def take_form_id(form: ReviewForm) -> FormId | None:
    """The id this form was opened with; None when it was not made here."""
    return form_id_of(form.form_id.data)


def answer_form(
    form: ReviewForm, page: Callable[[], FormPage], *, save: Callable[[FormId], ResponseReturnValue]
) -> ResponseReturnValue:
    """Stage the pictures with their words, do what a button of one asks, check, and save. Busy costs no word.

    `page` is asked for only when the form is shown again or came with pictures.
    """
    form_id = take_form_id(form)
    try:
        return _answer(form, page, form_id, save)
    except TooManyPictures as refused:
        form.photos.errors = [words_for(refused, page().shop)]
        return refuse(form, page(), form_id)
    except OperationalError:
        session().rollback()
        return _ask_to_send_later(form, page(), form_id)


def _answer(
    form: ReviewForm,
    page: Callable[[], FormPage],
    form_id: FormId | None,
    save: Callable[[FormId], ResponseReturnValue],
) -> ResponseReturnValue:
    unwell: list[str] = []
    # A stale token costs no picture: they lie under the form's own id, and a page of another site has none of ours.
    if form_id is not None and not is_foreign() and pictures.are_in(request):
        shown = page()
        pictures.take_back(shown.shop, form_id.value, request.form)
        sent = Sent(form_id.value, "", Ticket(), sender_key(shown.shop), shown.beside)
        unwell = pictures.stage(shown.shop, sent, form.photos, pictures.sent_keys(request.form, "photo_file"))
        unwell += pictures.take_words(shown.shop, form_id.value, request.form)
        if pictures.press(shown.shop, form_id.value, request.form):
            held = pictures.staged(shown.shop, form_id.value, request.form)
            return _render(form, shown, errors=_errors(form) if unwell else [], staged=held)
    valid = form.validate_on_submit()
    if unwell:
        form.photos.errors = [*form.photos.errors, *unwell]
    if not valid or unwell or form_id is None or form.has_unknown_question(request.form):
        return refuse(form, page(), form_id)
    if not may_submit() and not is_proved(request.form.get("proof", "")):
        return _ask_for_proof(form, page(), form_id)
    return save(form_id)


def is_foreign() -> bool:
    """Whether a page of another site sent this; programs and old browsers say nothing of where they are."""
    origin = request.headers.get("Origin")
    is_from_elsewhere = bool(origin) and urlsplit(origin or "").netloc != request.host
    return is_from_elsewhere or request.headers.get("Sec-Fetch-Site") == "cross-site"


def is_suspect(form: ReviewForm, form_id: FormId) -> bool:
    """A filled trap or an impossible speed: a person reads it before it shows."""
    return bool(form.website.data) or form_id.age < FASTEST_SECONDS


def _ask_for_proof(form: ReviewForm, page: FormPage, form_id: FormId) -> ResponseReturnValue:
    """The form again, whole, with one more step for its script; without script the words say to wait a minute."""
    words = gettext("Many reviews came from your network. Wait a moment and send it once more. Nothing is lost.")
    asked = replace(page, extra=page.extra | {"proof_of_work": new_challenge()})
    held = pictures.staged(page.shop, form_id.value, request.form)
    shown = _render(form, asked, errors=[("submit", words)], staged=held)
    return shown, 429, {"Retry-After": "60"}


def _ask_to_send_later(form: ReviewForm, page: FormPage, form_id: FormId | None) -> ResponseReturnValue:
    """The form again, whole: the database was too busy. A browser gives no file twice: those not held yet are named."""
    held = pictures.staged(page.shop, form_id.value, request.form) if form_id else []
    lost = pictures.words_for_lost(page.shop, form.photos.data or [])
    form.photos.errors = [*form.photos.errors, *lost]
    words = [("submit", str(BUSY_WITHOUT_FILES if lost else BUSY)), *((form.photos.id, one) for one in lost)]
    return _render(form, page, errors=words, staged=held), 503, {"Retry-After": "5"}


def _errors(form: ReviewForm) -> list[tuple[str, str]]:
    errors = [(one.id, str(one.errors[0])) for one in form if one.errors and one.name != "csrf_token"]
    if form.has_unknown_question(request.form):
        errors.insert(0, ("submit", str(QUESTION_GONE)))
    if form.csrf_token.errors or not errors:
        words = gettext("The page had been open for long, or cookies are off. Nothing is lost: send it once more.")
        errors.insert(0, ("submit", words))
    return errors


def is_fragment() -> bool:
    """Whether a page's script asks for the form alone, to show it in a dialog."""
    return request.headers.get("X-Requested-With") == "fetch"


def _offer(page: FormPage) -> ShownOffer | None:
    door = Source.REVIEW_REQUEST_EMAIL if page.is_link else Source.WRITE_REVIEW_BUTTON
    return shown_offer(page.terms, door, language=page_language()) if page.terms else None


def _render(form: ReviewForm, page: FormPage, *, errors: list[tuple[str, str]], staged: object) -> str:
    return render_template(
        "storefront/review_form_fragment.html" if is_fragment() else page.template,
        form=form,
        page=page,
        shop=page.shop,
        product=page.product,
        errors=errors,
        staged=staged,
        gone=form.photo_gone.data,
        star_words=STAR_WORDS,
        most_body=MOST_BODY,
        offer=_offer(page),
        most_caption=MOST_CAPTION,
        limits=limits_hint(page.shop),
        photo_limits=script_limits(page.shop, direct=pictures.storage().direct_origin),
        about_product=form.questions(AttributeAbout.PRODUCT),
        about_reviewer=form.questions(AttributeAbout.REVIEWER),
        **page.extra,
    )
