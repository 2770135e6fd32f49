"""Custom attributes by a plain form: what the store asks beside the stars."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from reviews_app.db.database import session, transaction
from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.membership import StoreRole
from reviews_app.queries.catalogue import catalogue
from reviews_app.queries.find_attribute import attributes_of_store, find_attribute
from reviews_app.services.move_attribute import move_attribute_up
from reviews_app.services.save_attribute import AttributeDetails, KindFixed, save_attribute
from reviews_app.web.form_fields import AtMost, Needed, Writable, choice
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.choice_fields import OneOf

KINDS = {
    AttributeKind.SINGLE_CHOICE: "One choice of several",
    AttributeKind.MULTIPLE_CHOICE: "Several choices",
    AttributeKind.SCALE: "Scale from 1 to 5",
    AttributeKind.CENTRED_SCALE: "Scale around a middle, -2 to 2",
    AttributeKind.SHORT_TEXT: "Short text",
}
ABOUT = {
    AttributeAbout.PRODUCT: "The product",
    AttributeAbout.REVIEWER: "The person",
}
MOST_CHOICES = 20
SCALES = {AttributeKind.SCALE, AttributeKind.CENTRED_SCALE}


def _choices(words: Mapping[Any, str]) -> list[Any]:
    return [choice(value, shown) for value, shown in words.items()]


class AttributeForm(FlaskForm):
    """One question."""

    title = StringField("Question", [Needed("Write the question."), Writable(), AtMost(120)])
    kind = OneOf(
        "Answered by", "Choose how it is answered.", choices=[choice(kind, words) for kind, words in KINDS.items()]
    )
    about = OneOf("About", "Choose whom it is about.", choices=_choices(ABOUT))
    choices = TextAreaField("Choices, one a line", [Writable(), AtMost(4000)])
    low = StringField("Low end", [Writable(), AtMost(60)])
    middle = StringField("Middle", [Writable(), AtMost(60)])
    high = StringField("High end", [Writable(), AtMost(60)])
    is_required = BooleanField("An answer is required")
    products = SelectMultipleField(
        "Asked for",
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_choices(self, field: Any) -> None:
        """Two to twenty different ones, where the kind has choices."""
        lines = _lines(field.data)
        if self.kind.data in {AttributeKind.SINGLE_CHOICE, AttributeKind.MULTIPLE_CHOICE}:
            if not 2 <= len(lines) <= MOST_CHOICES:
                raise ValidationError(f"Write 2 to {MOST_CHOICES} choices, one a line.")
            if len(set(lines)) < len(lines):
                raise ValidationError("Two choices are the same.")

    def validate_low(self, field: Any) -> None:
        """A scale without named ends cannot be answered."""
        if self.kind.data in SCALES and not (field.data and self.high.data):
            raise ValidationError("Name both ends of the scale.")

    def validate_is_required(self, field: Any) -> None:
        """Nobody has to tell about themselves: body, health, age, gender, religion, origin can never be asked for."""
        if field.data and self.about.data == AttributeAbout.REVIEWER:
            raise ValidationError("A question about the person cannot be required.")


@merchant.get("/<store>/settings/attributes")
@member(StoreRole.VIEWER)
def attributes(me: Member) -> ResponseReturnValue:
    """The questions in the form's order."""
    return render_template("merchant/attributes.html", rows=attributes_of_store(session(), me.store), kinds=KINDS)


@merchant.get("/<store>/settings/attributes/new")
@member(StoreRole.MANAGER)
def new_attribute(me: Member) -> ResponseReturnValue:
    """An empty form."""
    form = AttributeForm(kind=AttributeKind.SINGLE_CHOICE, about=AttributeAbout.PRODUCT)
    return _page(me, form)


@merchant.post("/<store>/settings/attributes/new")
@member(StoreRole.MANAGER)
def create_attribute(me: Member) -> ResponseReturnValue:
    """Add it at the end, or say what is wrong."""
    form = AttributeForm()
    if not form.validate_on_submit():
        return _page(me, form), 422
    with transaction() as writing:
        save_attribute(writing, me.store, None, _details(form))
    flash("The question is in the form.", "ok")
    return redirect(url_for(".attributes", store=me.store.slug), 303)


@merchant.get("/<store>/settings/attributes/<uuid:attribute_id>")
@member(StoreRole.MANAGER)
def edit_attribute(me: Member, attribute_id: UUID) -> ResponseReturnValue:
    """The form as the question stands."""
    found = find_attribute(session(), me.store, attribute_id)
    form = AttributeForm(
        title=found.title,
        kind=str(found.kind),
        about=str(found.about),
        choices="\n".join(found.choices),
        low=found.low,
        middle=found.middle,
        high=found.high,
        is_required=found.is_required,
        products=[product.handle for product in found.products],
    )
    return _page(me, form, known=found)


@merchant.post("/<store>/settings/attributes/<uuid:attribute_id>")
@member(StoreRole.MANAGER)
def change_attribute(me: Member, attribute_id: UUID) -> ResponseReturnValue:
    """Change it; answers given before keep the wording they were given under."""
    form = AttributeForm()
    found = find_attribute(session(), me.store, attribute_id)
    if not form.validate_on_submit():
        return _page(me, form, known=found), 422
    try:
        with transaction() as writing:
            save_attribute(writing, me.store, found, _details(form))
    except KindFixed:
        form.kind.errors = ["Shoppers have answered it. Add a new question for another kind of answer."]
        return _page(me, form, known=found), 422
    flash("Saved.", "ok")
    return redirect(url_for(".attributes", store=me.store.slug), 303)


@merchant.post("/<store>/settings/attributes/<uuid:attribute_id>/up")
@member(StoreRole.MANAGER)
def move_attribute(me: Member, attribute_id: UUID) -> ResponseReturnValue:
    """Ask it one place earlier."""
    require_action()
    with transaction() as writing:
        move_attribute_up(writing, me.store, find_attribute(writing, me.store, attribute_id))
    return redirect(url_for(".attributes", store=me.store.slug), 303)


def _page(me: Member, form: AttributeForm, *, known: Attribute | None = None) -> str:
    items = catalogue(session(), me.store)
    form.products.choices = [choice(item.handle, item.title) for item in items]
    return render_template("merchant/attribute.html", form=form, known=known)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _details(form: AttributeForm) -> AttributeDetails:
    return AttributeDetails(
        title=(form.title.data or "").strip(),
        kind=AttributeKind(form.kind.data),
        about=AttributeAbout(form.about.data),
        is_required=form.is_required.data,
        choices=tuple(_lines(form.choices.data)),
        low=(form.low.data or "").strip(),
        middle=(form.middle.data or "").strip(),
        high=(form.high.data or "").strip(),
        handles=tuple(form.products.data or ()),
    )
