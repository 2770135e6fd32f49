"""Settings > Emails: who they come from, how they look, and whether they arrive."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, ValidationError

from reviews_app.db.database import session, transaction
from reviews_app.lib.colour import accent_of, is_colour
from reviews_app.mail.request_words import LANGUAGES
from reviews_app.models.membership import StoreRole
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.queries.request_rule import rule_of
from reviews_app.queries.suppressions import last_suppressed
from reviews_app.services.prove_sender import confirm_sender, find_test, send_test_mail
from reviews_app.services.save_mail_look import MailLookDetails, save_mail_look, sender_to_change
from reviews_app.services.sender_records import ask_for_check, records_of
from reviews_app.services.store_letter import look_of
from reviews_app.web.form_fields import AtMost, EmailField, Writable
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.mail_to_self import mail_to_self
from reviews_app.web.tools import tools

MOST_LOGO = 1_000_000
# A photograph sent for a logo is refused at its field, with all that was typed beside it.
MOST_REQUEST = 16 * 1024 * 1024


class EmailsForm(FlaskForm):
    """Sender and look."""

    sender_name = StringField("Sender name", [Writable(), AtMost(60)])
    sender_address = EmailField("Sender address", [Writable(), AtMost(254)])
    accent = StringField("Accent colour", [AtMost(7)])
    logo = FileField("Logo")
    no_logo = BooleanField("Take the logo away")
    counts_opens = BooleanField("Count opened mails")

    def validate_accent(self, field: Any) -> None:
        """Six digits behind #, or nothing for ours."""
        field.data = (field.data or "").strip()
        if field.data and not is_colour(field.data):
            raise ValidationError("Write the colour as # and six digits, such as #1F5F4A.")
        field.data = field.data.upper()

    def validate_logo(self, field: Any) -> None:
        """A file of another kind is found out when it is drawn anew."""
        if field.data and len(field.data.read(MOST_LOGO + 1)) > MOST_LOGO:
            raise ValidationError("The file is larger than 1 MB. Send a smaller one.")
        if field.data:
            field.data.seek(0)


@merchant.get("/<store>/settings/emails")
@member(StoreRole.MANAGER)
def emails(me: Member) -> ResponseReturnValue:
    """All about the store's mails."""
    brand = mail_brand(session(), me.store)
    return _page(
        me,
        EmailsForm(
            sender_name=brand.sender.name,
            sender_address=brand.sender.address,
            accent=brand.style.accent,
            counts_opens=brand.style.counts_opens,
        ),
    )


@merchant.post("/<store>/settings/emails")
@member(StoreRole.MANAGER)
def save_emails(me: Member) -> ResponseReturnValue:
    """Save them, or say what is wrong."""
    request.max_content_length = MOST_REQUEST
    if (request.content_length or 0) > MOST_REQUEST:
        abort(413)
    form = EmailsForm()
    if not form.validate_on_submit():
        return _page(me, form), 422
    logo = form.logo.data.read() if form.logo.data else None
    details = MailLookDetails(
        sender_name=(form.sender_name.data or "").strip(),
        sender_address=(form.sender_address.data or "").strip(),
        accent=form.accent.data or "",
        counts_opens=form.counts_opens.data,
        logo=b"" if form.no_logo.data else logo,
    )
    with transaction() as writing:
        save_mail_look(writing, me.store, details, clock=tools().clock)
    flash(_saved(details), "ok")
    return redirect(url_for(".emails", store=me.store.slug), 303)


@merchant.post("/<store>/settings/emails/test")
@member(StoreRole.MANAGER)
def mail_a_test(me: Member) -> ResponseReturnValue:
    """A test mail to who is signed in."""
    require_action()
    mail_to_self(
        me,
        lambda writing: send_test_mail(writing, me.store, to=me.account.email, tools=tools()),
        done=f"A test mail is on its way to {me.account.email}. Press the button in it.",
    )
    return redirect(url_for(".emails", store=me.store.slug), 303)


@merchant.get("/<store>/settings/emails/received/<token>")
@member(StoreRole.MANAGER)
def test_received(me: Member, token: str) -> ResponseReturnValue:
    """The page behind the test mail's link; opening it changes nothing."""
    find_test(session(), me.store, token, now=tools().clock())
    return render_template("merchant/email_received.html", token=token)


@merchant.post("/<store>/settings/emails/received/<token>")
@member(StoreRole.MANAGER)
def confirm_received(me: Member, token: str) -> ResponseReturnValue:
    """It arrived: requests may go out by themselves."""
    require_action()
    with transaction() as writing:
        confirm_sender(writing, me.store, token, clock=tools().clock)
    flash("Good. Requests may go out by themselves now.", "ok")
    return redirect(url_for(".emails", store=me.store.slug), 303)


@merchant.post("/<store>/settings/emails/check")
@member(StoreRole.MANAGER)
def check_domain(me: Member) -> ResponseReturnValue:
    """Have the domain's DNS looked up; the page shows what was found."""
    require_action()
    with transaction() as writing:
        ask_for_check(writing, sender_to_change(writing, me.store), clock=tools().clock)
    flash("The domain is being looked up. It shows here in a moment.", "ok")
    return redirect(url_for(".emails", store=me.store.slug), 303)


def _saved(details: MailLookDetails) -> str:
    words = ["Saved."]
    accent = accent_of(details.accent) if details.accent else None
    if accent and accent.was_darkened:
        words.append(f"White on {details.accent} could not be read; mails use the darker {accent.colour}.")
    if details.logo:
        words.append("The logo shows in a moment.")
    return " ".join(words)


def _page(me: Member, form: EmailsForm) -> str:
    brand = mail_brand(session(), me.store)
    settings = tools().settings
    typed = form.accent.data or ""
    return render_template(
        "merchant/emails.html",
        form=form,
        brand=brand,
        rule=rule_of(session(), me.store),
        address=brand.sender.address or settings.sender,
        accent=accent_of(typed) if is_colour(typed) else None,
        wanted=records_of(brand.sender, settings=settings),
        languages=[code for code in me.store.languages if code in LANGUAGES] or ["en"],
        refusing=last_suppressed(session(), me.store),
        logo_url=look_of(brand.style, tools().addresses).logo_url,
    )
