"""Settings > Integrations > Kustomer."""

import re
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField, ValidationError

from reviews_app.db.database import session, transaction
from reviews_app.integrations.kustomer.api_url import ApiUrlRefused, check_api_url
from reviews_app.integrations.kustomer.example import example_webhook_data
from reviews_app.integrations.kustomer.key_trouble import key_trouble
from reviews_app.models.destination import OPENS_AT, Destination, Mode
from reviews_app.models.membership import StoreRole
from reviews_app.queries.bulk_sends import bulk_sends_under_way
from reviews_app.queries.delivery_counts import delivery_counts
from reviews_app.queries.example_parts import example_parts
from reviews_app.queries.find_destination import find_destination, last_test
from reviews_app.queries.unsent_reviews import count_unsent
from reviews_app.services.save_kustomer import KeyMissing, KustomerDetails, save_kustomer
from reviews_app.web.form_fields import AtMost, Writable
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.bulk_forms import PER_MINUTE, PastForm
from reviews_app.web.merchant.opening_form import OpeningForm
from reviews_app.web.tools import tools

LONGEST_KEY = 4000
HEADER = "bearer"
# A merchant may copy the whole header from a guide; the key is what follows it.
AROUND_A_KEY = re.compile(r"^(?:authorization\s*:\s*)?(?:bearer(?:\s+|$))?", re.IGNORECASE)


class KustomerForm(FlaskForm):
    """Switch, key, address. The key is written, never read back."""

    enabled = BooleanField("Enable Kustomer")
    api_key = PasswordField("API Key", [AtMost(LONGEST_KEY), Writable()])
    api_url = StringField("API URL")
    understood = ""

    @classmethod
    def of(cls, found: Destination | None) -> "KustomerForm":
        """As it is saved; never the key."""
        is_on = found is not None and found.mode is not Mode.OFF
        return cls(formdata=None, enabled=is_on, api_url=found.url_in_use if found else "")

    def validate_api_key(self, field: Any) -> None:
        """Blanks around a pasted key, or the header it stands in, are understood; blanks inside it are a mistake."""
        typed = field.data or ""
        field.data = AROUND_A_KEY.sub("", typed.strip())
        if field.data and field.data != typed:
            is_header = HEADER in typed.lower()
            self.understood = "We took the key out of the header" if is_header else "We cut the blanks off"
        if typed.strip() and not field.data:
            raise ValidationError("The key itself is missing. Copy it once more from Kustomer.")
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


@merchant.get("/<store>/settings/integrations/kustomer")
@member(StoreRole.MANAGER)
def kustomer(me: Member) -> ResponseReturnValue:
    """How it stands, the three steps, the form, the example."""
    found = find_destination(session(), me.store)
    return kustomer_page(me, KustomerForm.of(found), found)


@merchant.post("/<store>/settings/integrations/kustomer")
@member(StoreRole.MANAGER)
def save(me: Member) -> ResponseReturnValue:
    """Save the integration, or say at its field what is wrong."""
    form = KustomerForm()
    if not form.validate_on_submit():
        form.ask_for_the_key_again()
        return kustomer_page(me, form, find_destination(session(), me.store)), 422
    details = KustomerDetails(is_on=form.enabled.data, api_key=form.api_key.data or "", api_url=form.api_url.data or "")
    try:
        with transaction() as writing:
            saved = save_kustomer(writing, me.store, details, keyring=tools().keyring, clock=tools().clock)
            is_on_trial = saved.is_on_trial
    except KeyMissing:
        form.api_key.errors = ["Paste the API key. Kustomer cannot be switched on without it."]
        return kustomer_page(me, form, find_destination(session(), me.store)), 422
    flash(_saved(form, details, is_on_trial=is_on_trial), "ok")
    return redirect(url_for(".kustomer", store=me.store.slug), 303)


def _saved(form: KustomerForm, details: KustomerDetails, *, is_on_trial: bool) -> str:
    """What was saved, and what of it was not as typed."""
    words = ["Saved, and tried with one review first." if is_on_trial else "Saved."]
    if form.understood:
        words.append(f"{form.understood} of what you pasted.")
    if details.api_key and not is_on_trial:
        words.append("A test review shows whether Kustomer takes it.")
    return " ".join(words)


def kustomer_page(
    me: Member, form: KustomerForm, found: Destination | None, *, opening: OpeningForm | None = None
) -> str:
    """The whole page, with whichever form was refused as it was typed."""
    # The key is never sent back, not even the one just typed.
    form.api_key.data = ""
    return render_template(
        "merchant/kustomer.html",
        form=form,
        opening=opening or OpeningForm(formdata=None, opens_at=str(found.opens_at if found else OPENS_AT)),
        past=PastForm(formdata=None),
        destination=found,
        mode=found.mode if found else Mode.OFF,
        key_trouble=key_trouble(found.reason_detail if found else ""),
        healed=found is not None and found.is_just_healed(tools().clock()),
        counts=delivery_counts(session(), me.store.id),
        unsent=count_unsent(session(), found) if found else 0,
        meanwhile=count_unsent(session(), found, since=found.off_since) if found and found.off_since else 0,
        bulks=bulk_sends_under_way(session(), me.store),
        per_minute=PER_MINUTE,
        test=last_test(session(), found) if found else None,
        example=example_webhook_data(example_parts(session(), me.store), addresses=tools().addresses),
    )
