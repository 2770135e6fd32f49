"""What a store's mails say, language by language, and how they look with it."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from reviews_app.db.database import session, transaction
from reviews_app.mail.request_words import LANGUAGES, OWN_PARTS, TEXT_KINDS, usual_words
from reviews_app.models.membership import StoreRole
from reviews_app.models.review_request import Asking
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.services.example_request import example_request
from reviews_app.services.save_mail_look import save_mail_words
from reviews_app.web.form_fields import AtMost, Writable
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools

NAMES = {"first": "Request", "reminder": "Reminder", "photo": "Photo request"}
# The mail's own page may show pictures and its own style; it can run nothing, send nothing and be framed by nobody.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' {media} data:; "
    "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


class TextsForm(FlaskForm):
    """Subject and first words of each kind of mail; an empty field means the usual words."""

    first_subject = StringField("Subject", [Writable(), AtMost(150)])
    first_intro = TextAreaField("First words", [Writable(), AtMost(1000)])
    reminder_subject = StringField("Subject", [Writable(), AtMost(150)])
    reminder_intro = TextAreaField("First words", [Writable(), AtMost(1000)])
    photo_subject = StringField("Subject", [Writable(), AtMost(150)])
    photo_intro = TextAreaField("First words", [Writable(), AtMost(1000)])


@merchant.get("/<store>/settings/emails/texts/<language>")
@member(StoreRole.MANAGER)
def email_texts(me: Member, language: str) -> ResponseReturnValue:
    """The words of one language."""
    _known(language)
    own = mail_brand(session(), me.store).style.texts.get(language, {})
    values = {f"{kind}_{part}": own.get(kind, {}).get(part, "") for kind in TEXT_KINDS for part in OWN_PARTS}
    return _page(language, TextsForm(**values))


@merchant.post("/<store>/settings/emails/texts/<language>")
@member(StoreRole.MANAGER)
def save_email_texts(me: Member, language: str) -> ResponseReturnValue:
    """Save them, or say what is wrong."""
    _known(language)
    form = TextsForm()
    if not form.validate_on_submit():
        return _page(language, form), 422
    words = {kind: {part: _typed(form, kind, part) for part in OWN_PARTS} for kind in TEXT_KINDS}
    with transaction() as writing:
        save_mail_words(writing, me.store, language, words)
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


def _known(language: str) -> None:
    if language not in LANGUAGES:
        abort(404)


def _typed(form: Any, kind: str, part: str) -> str:
    return str(form[f"{kind}_{part}"].data or "").strip()


def _page(language: str, form: TextsForm) -> str:
    return render_template(
        "merchant/email_texts.html", form=form, language=language, usual=usual_words(language), names=NAMES
    )
