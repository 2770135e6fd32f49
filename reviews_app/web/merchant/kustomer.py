"""Settings > Integrations > Kustomer."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, IntegerField, PasswordField, StringField, ValidationError
from wtforms.validators import NumberRange

from reviews_app.db.database import session, transaction
from reviews_app.integrations.kustomer.api_url import ApiUrlRefused, check_api_url
from reviews_app.integrations.kustomer.example import example_webhook_data
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.membership import StoreRole
from reviews_app.queries.delivery_counts import delivery_counts
from reviews_app.queries.example_parts import example_parts
from reviews_app.queries.find_destination import find_destination, last_test
from reviews_app.services.hold_destination import heal_destination, pause
from reviews_app.services.save_kustomer import KeyMissing, KustomerDetails, save_kustomer
from reviews_app.services.send_past_reviews import send_past_reviews
from reviews_app.services.send_test_review import NothingToTest, send_test_review
from reviews_app.web.form_fields import AtMost, Writable
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools

LONGEST_KEY = 4000


class KustomerForm(FlaskForm):
    """Switch, key, address. The key is written, never read back."""

    enabled = BooleanField("Enable Kustomer")
    api_key = PasswordField("API Key", [AtMost(LONGEST_KEY), Writable()])
    api_url = StringField("API URL")

    def validate_api_key(self, field: Any) -> None:
        """Blanks around a pasted key are nothing; inside it they are a mistake."""
        field.data = (field.data or "").strip()
        if any(letter.isspace() for letter in field.data) or not field.data.isascii():
            raise ValidationError("A key holds no blanks. Copy it once more from Kustomer.")

    def validate_api_url(self, field: Any) -> None:
        """Only a hook at Kustomer, or where the operator allows one; empty while it is off."""
        if not self.enabled.data and not (field.data or "").strip():
            field.data = ""
            return
        try:
            field.data = check_api_url(field.data or "", extra_origins=tools().settings.extra_origins)
        except ApiUrlRefused as refused:
            raise ValidationError(str(refused)) from None

    def ask_for_the_key_again(self) -> None:
        """A refused form keeps what was typed, but never the key: say so where it was."""
        if self.api_key.data and not self.api_key.errors:
            self.api_key.errors = ["Paste the key once more: it is never sent back to a page."]


class PastForm(FlaskForm):
    """How many of the newest reviews."""

    limit = IntegerField("How many of the newest", [NumberRange(1, 500, "From 1 to 500.")], default=50)


@merchant.get("/<store>/settings/integrations/kustomer")
@member(StoreRole.MANAGER)
def kustomer(me: Member) -> ResponseReturnValue:
    """How it stands, the three steps, the form, the example."""
    found = find_destination(session(), me.store)
    is_on = found is not None and found.mode is not Mode.OFF
    form = KustomerForm(enabled=is_on, api_url=found.api_url if found else "")
    return _page(me, form, found)


@merchant.post("/<store>/settings/integrations/kustomer")
@member(StoreRole.MANAGER)
def save(me: Member) -> ResponseReturnValue:
    """Save the integration, or say at its field what is wrong."""
    form = KustomerForm()
    if not form.validate_on_submit():
        form.ask_for_the_key_again()
        return _page(me, form, find_destination(session(), me.store)), 422
    details = KustomerDetails(is_on=form.enabled.data, api_key=form.api_key.data or "", api_url=form.api_url.data or "")
    try:
        with transaction() as writing:
            save_kustomer(writing, me.store, details, keyring=tools().keyring, clock=tools().clock)
    except KeyMissing:
        form.api_key.errors = ["Paste the API key. Kustomer cannot be switched on without it."]
        return _page(me, form, find_destination(session(), me.store)), 422
    flash("Saved. A test review shows whether Kustomer takes it." if details.api_key else "Saved.", "ok")
    return redirect(url_for(".kustomer", store=me.store.slug), 303)


@merchant.post("/<store>/settings/integrations/kustomer/test")
@member(StoreRole.MANAGER)
def send_test(me: Member) -> ResponseReturnValue:
    """A test review: a row and the bell, then its delivery's page."""
    require_action()
    found = find_destination(session(), me.store)
    try:
        if found is None:
            raise NothingToTest
        with transaction() as writing:
            row = send_test_review(writing, found, email=me.account.email, clock=tools().clock, make_id=tools().make_id)
            delivery_id = row.id
    except NothingToTest:
        flash("Save a key and an address first.", "warn")
        return redirect(url_for(".kustomer", store=me.store.slug), 303)
    return redirect(url_for(".delivery", store=me.store.slug, delivery_id=delivery_id), 303)


@merchant.post("/<store>/settings/integrations/kustomer/past")
@member(StoreRole.MANAGER)
def send_past(me: Member) -> ResponseReturnValue:
    """Send reviews left while it was off."""
    form = PastForm()
    found = find_destination(session(), me.store)
    if not form.validate_on_submit() or found is None or found.mode is Mode.OFF:
        flash("Switch Kustomer on first, and name a number from 1 to 500.", "warn")
        return redirect(url_for(".kustomer", store=me.store.slug), 303)
    with transaction() as writing:
        count = send_past_reviews(writing, found, limit=form.limit.data or 1, clock=tools().clock)
    flash(f"{count} reviews are on their way." if count else "Kustomer has every review already.", "ok")
    return redirect(url_for(".deliveries", store=me.store.slug), 303)


@merchant.post("/<store>/settings/integrations/kustomer/pause")
@member(StoreRole.MANAGER)
def pause_or_resume(me: Member) -> ResponseReturnValue:
    """Hold everything for a while, or let it go on."""
    require_action()
    with transaction() as writing:
        found = writing.scalar(select(Destination).where(Destination.store_id == me.store.id))
        if found is not None and found.mode is Mode.PAUSED:
            heal_destination(writing, found, now=tools().clock())
            flash("It goes on. What was held is on its way.", "ok")
        elif found is not None and found.mode is not Mode.OFF:
            pause(writing, found)
            flash("Paused. Reviews are kept and go out when you resume.", "ok")
    return redirect(url_for(".kustomer", store=me.store.slug), 303)


def _page(me: Member, form: KustomerForm, found: Destination | None) -> str:
    # The key is never sent back, not even the one just typed.
    form.api_key.data = ""
    return render_template(
        "merchant/kustomer.html",
        form=form,
        past=PastForm(formdata=None),
        destination=found,
        mode=found.mode if found else Mode.OFF,
        counts=delivery_counts(session(), me.store.id),
        test=last_test(session(), found) if found else None,
        example=example_webhook_data(example_parts(session(), me.store), addresses=tools().addresses),
    )
