"""The store's own settings, and the way to the rest of them."""

from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from reviews_app.db.database import session, transaction
from reviews_app.models.destination import Mode
from reviews_app.models.membership import StoreRole
from reviews_app.models.store import Publishing
from reviews_app.queries.callbacks import callback_secrets
from reviews_app.queries.find_destination import find_destination
from reviews_app.services.create_store import LANGUAGES
from reviews_app.services.save_store_settings import StoreSettings, save_store_settings
from reviews_app.web.form_fields import AtMost, EmailField, Needed, Writable, choice
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.choice_fields import OneOf
from reviews_app.web.merchant.country_choices import country_choices
from reviews_app.web.tools import tools

ENGLISH = Locale("en")
ZONES = ["UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))]


class SettingsForm(FlaskForm):
    """What a store says of itself."""

    name = StringField("Store name", [Needed("The store needs a name."), Writable(), AtMost(100)])
    languages = SelectMultipleField(
        "Languages your shoppers speak",
        [Needed("Choose at least one.")],
        choices=[choice(code, ENGLISH.languages[code]) for code in LANGUAGES],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    first_language = SelectField(
        "First language", choices=[choice(code, ENGLISH.languages[code]) for code in LANGUAGES]
    )
    time_zone = SelectField("Time zone", choices=[choice(name, name.replace("_", " ")) for name in ZONES])
    home_country = SelectField("Home country or region", choices=country_choices())
    reply_address = EmailField("Reply address", [Writable(), AtMost(254)])
    postal_address = StringField("Postal address", [Writable(), AtMost(300)])
    publishing = OneOf(
        "When reviews appear",
        "Choose when reviews appear.",
        choices=[
            choice(Publishing.AT_ONCE, "At once, whatever their stars"),
            choice(Publishing.HOLD_ALL, "After somebody here has read them, whatever their stars"),
        ],
    )


@merchant.get("/<store>/settings")
@member(StoreRole.VIEWER)
def settings(me: Member) -> ResponseReturnValue:
    """The ways to integrations, members and questions; the form only for who may save it."""
    store = me.store
    form = SettingsForm(
        name=store.name,
        languages=store.languages,
        first_language=store.language,
        time_zone=store.time_zone,
        home_country=store.home_country,
        reply_address=store.reply_address,
        postal_address=store.postal_address,
        publishing=str(store.publishing),
    )
    return render_template("merchant/settings.html", form=form)


@merchant.post("/<store>/settings")
@member(StoreRole.MANAGER)
def save_settings(me: Member) -> ResponseReturnValue:
    """Save them all, or say what is wrong."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return render_template("merchant/settings.html", form=form), 422
    with transaction() as writing:
        save_store_settings(writing, me.store, _values(form), clock=tools().clock)
    flash("Saved.", "ok")
    return redirect(url_for(".settings", store=me.store.slug), 303)


@merchant.get("/<store>/settings/integrations")
@member(StoreRole.MANAGER)
def integrations(me: Member) -> ResponseReturnValue:
    """What can be connected."""
    found = find_destination(session(), me.store)
    return render_template(
        "merchant/integrations.html",
        mode=found.mode if found else Mode.OFF,
        has_sources=bool(callback_secrets(session(), me.store)),
    )


def _values(form: Any) -> StoreSettings:
    return StoreSettings(
        name=form.name.data.strip(),
        languages=tuple(form.languages.data),
        first_language=form.first_language.data,
        time_zone=form.time_zone.data,
        home_country=form.home_country.data,
        reply_address=form.reply_address.data,
        postal_address=(form.postal_address.data or "").strip(),
        publishing=Publishing(form.publishing.data),
    )
