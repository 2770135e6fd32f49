"""What a store's mails say, language by language, and how they look with it."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import Field, StringField, TextAreaField, ValidationError

from reviews_app.db.database import session, transaction
from reviews_app.mail.request_words import LANGUAGES, OWN_PARTS, TEXT_KINDS, unknown_place, usual_words
from reviews_app.models.membership import StoreRole
from reviews_app.models.review_request import Asking
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.queries.request_rule import rule_of
from reviews_app.services.example_request import example_request
from reviews_app.services.save_mail_look import save_mail_words
from reviews_app.services.send_example import send_example
from reviews_app.web.form_fields import AtMost, Writable
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.mail_to_self import mail_to_self
from reviews_app.web.tools import tools

# A field of the page of words: a form without it came from a page that only shows what is saved.
TYPED_HERE = "first_subject"
NAMES = {"first": "Request", "reminder": "Reminder", "photo": "Photo request"}
# The mail's own page may show pictures and its own style; it can run nothing, send nothing and be framed by nobody.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' {media} data:; "
    "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


class Filled:
    """Refuses a `{word}` that would stand in the mail as it was typed."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Raises ValidationError."""
        if unknown := unknown_place(field.data or ""):
            raise ValidationError(
                f"Nothing is filled in for {{{unknown}}}. There are {{name}}, {{product}}, {{order}} and {{store}}."
            )


class TextsForm(FlaskForm):
    """Subject and first words of each kind of mail; an empty field means the usual words."""

    first_subject = StringField("Subject", [Writable(), AtMost(150), Filled()])
    first_intro = TextAreaField("First words", [Writable(), AtMost(1000), Filled()])
    reminder_subject = StringField("Subject", [Writable(), AtMost(150), Filled()])
    reminder_intro = TextAreaField("First words", [Writable(), AtMost(1000), Filled()])
    photo_subject = StringField("Subject", [Writable(), AtMost(150), Filled()])
    photo_intro = TextAreaField("First words", [Writable(), AtMost(1000), Filled()])


@merchant.get("/<store>/settings/emails/texts/<language>")
@member(StoreRole.MANAGER)
def email_texts(me: Member, language: str) -> ResponseReturnValue:
    """The words of one language."""
    _known(language)
    own = mail_brand(session(), me.store).style.texts.get(language, {})
    values = {f"{kind}_{part}": own.get(kind, {}).get(part, "") for kind in TEXT_KINDS for part in OWN_PARTS}
    return _page(me, language, TextsForm(**values))


@merchant.post("/<store>/settings/emails/texts/<language>")
@member(StoreRole.MANAGER)
def save_email_texts(me: Member, language: str) -> ResponseReturnValue:
    """Save them, or say what is wrong."""
    _known(language)
    form = TextsForm()
    if not form.validate_on_submit():
        return _page(me, language, form), 422
    with transaction() as writing:
        save_mail_words(writing, me.store, language, _typed(form))
    flash("Saved.", "ok")
    return redirect(url_for(".email_texts", store=me.store.slug, language=language), 303)


@merchant.get("/<store>/settings/emails/preview/<any(request,reminder,photo):kind>/<language>")
@member(StoreRole.MANAGER)
def preview_email(me: Member, kind: str, language: str) -> ResponseReturnValue:
    """The mail itself, as a buyer of this store's products would get it; its links lead nowhere."""
    _known(language)
    content = example_request(session(), me.store, Asking(kind), language=language, addresses=tools().addresses)
    answer = Response(content.html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY.format(media=tools().addresses.media)
    return answer


@merchant.post("/<store>/settings/emails/preview/<any(request,reminder,photo):kind>/<language>")
@member(StoreRole.MANAGER)
def mail_an_example(me: Member, kind: str, language: str) -> ResponseReturnValue:
    """The same mail to who is signed in, with the words as typed where they are; those stay typed and unsaved."""
    _known(language)
    form = TextsForm() if TYPED_HERE in request.form else None
    if form is None:
        require_action()
    elif not form.validate_on_submit():
        return _page(me, language, form), 422
    own = None if form is None else {language: _typed(form)}

    def write(writing: Session) -> None:
        send_example(
            writing, me.store, Asking(kind), language=language, own_words=own, to=me.account.email, tools=tools()
        )

    unsaved = "" if form is None else " It holds the words as they stand here; Save keeps them."
    mail_to_self(me, write, done=f"A test is on its way to {me.account.email}. Its links lead nowhere.{unsaved}")
    return redirect(url_for(".emails", store=me.store.slug), 303) if form is None else _page(me, language, form)


def _known(language: str) -> None:
    if language not in LANGUAGES:
        abort(404)


def _typed(form: TextsForm) -> dict[str, dict[str, str]]:
    """By kind of mail and part."""
    return {kind: {part: str(form[f"{kind}_{part}"].data or "").strip() for part in OWN_PARTS} for kind in TEXT_KINDS}


def _page(me: Member, language: str, form: TextsForm) -> str:
    return render_template(
        "merchant/email_texts.html",
        form=form,
        language=language,
        usual=usual_words(language),
        names=NAMES,
        rule=rule_of(session(), me.store),
    )
