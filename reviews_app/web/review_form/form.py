"""The review form: the same for the button and for a link."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)

from reviews_app.models.attribute import Attribute, AttributeAbout
from reviews_app.models.product import Product
from reviews_app.services.review_draft import ReviewDraft
from reviews_app.web.form_fields import (
    REQUIRED_EMAIL,
    AtMost,
    EmailField,
    Needed,
    Writable,
    choice,
    one_break,
    values_of,
)
from reviews_app.web.page_language import page_language
from reviews_app.web.review_form.attribute_fields import (
    PREFIX,
    UNKNOWN_CHOICE,
    OneOfField,
    answer_of,
    attribute_field,
    field_name,
)
from reviews_app.web.review_form.countries import CountryField
from reviews_app.web.review_form.form_id import FormId
from reviews_app.web.review_form.photo_keys import PhotoKeysField

MOST_TITLE, MOST_BODY, MOST_NAME = 200, 10_000, 100
STAR_WORDS = (
    lazy_gettext("Very poor"),
    lazy_gettext("Poor"),
    lazy_gettext("Okay"),
    lazy_gettext("Good"),
    lazy_gettext("Very good"),
)


class ReviewForm(FlaskForm):
    """What every review has; the product's questions are added by `review_form_for`."""

    form_id = HiddenField()
    offer = HiddenField()
    rating = OneOfField(
        lazy_gettext("Rating"),
        [Needed(lazy_gettext("Choose a star, from 1 to 5."))],
        choices=[choice(str(stars), str(stars)) for stars in range(1, 6)],
        validate_choice=False,
    )
    body = TextAreaField(
        lazy_gettext("Your review"),
        [Needed(lazy_gettext("Write a few words about it.")), Writable(), AtMost(MOST_BODY)],
        filters=[one_break],
    )
    title = StringField(lazy_gettext("Review title"), [Writable(), AtMost(MOST_TITLE)])
    variant = SelectField(lazy_gettext("Which one did you buy?"), choices=[], validate_choice=False)
    photos = MultipleFileField(lazy_gettext("Photos and videos"))
    recommended = OneOfField(
        lazy_gettext("Would you recommend this product?"),
        choices=[choice("yes", lazy_gettext("Yes")), choice("no", lazy_gettext("No"))],
        validate_choice=False,
    )
    name = StringField(
        lazy_gettext("Your name"),
        [Needed(lazy_gettext("Tell us your name. Only the first name and one letter are shown.")), Writable()],
    )
    display_name = StringField(lazy_gettext("Shown name"), [Writable(), AtMost(MOST_NAME)])
    email = EmailField(lazy_gettext("Email"), [Needed(REQUIRED_EMAIL), Writable(), AtMost(254)])
    country = CountryField(lazy_gettext("Country or region"))
    photo_gone = PhotoKeysField()
    website = StringField(lazy_gettext("Leave this empty"))

    attributes: tuple[Attribute, ...]
    variants: tuple[Any, ...]
    unknown_variant: bool = False

    def validate_variant(self, _field: Field) -> None:
        """Raises ValidationError for one the product does not have."""
        if self.unknown_variant:
            raise ValidationError(str(UNKNOWN_CHOICE))

    def validate_name(self, field: Field) -> None:
        """The name's length is told apart, so that an empty one is not also too short."""
        AtMost(MOST_NAME)(self, field)

    def has_unknown_question(self, sent: Iterable[str]) -> bool:
        """Whether an answer came to a question this product does not ask, or no longer."""
        return any(name.startswith(PREFIX) and name not in self for name in sent)

    def questions(self, about: AttributeAbout) -> list[tuple[Attribute, Field]]:
        """The product's questions about the product, or about the person, each with its field."""
        return [(one, self[field_name(one)]) for one in self.attributes if one.about is about]

    def draft(self, form_id: FormId, *, is_suspect: bool, email: str = "") -> ReviewDraft:
        """What the service takes; only after the form was valid."""
        answers = [answer_of(one, self[field_name(one)].data) for one in self.attributes]
        recommended: Any = self.recommended.data
        return ReviewDraft(
            form_id=form_id.value,
            rating=int(str(self.rating.data)),
            title=self.title.data or "",
            body=self.body.data or "",
            name=self.name.data or "",
            email=email or self.email.data or "",
            page_language=page_language(),
            is_recommended=None if recommended is None else recommended == "yes",
            display_name=(self.display_name.data or "").strip() or None,
            country_code=self.country.data or None,
            variant_id=UUID(self.variant.data) if self.variant.data else None,
            answers=tuple(answer for answer in answers if answer is not None),
            is_suspect=is_suspect,
            taken_back=frozenset(self.photo_gone.data),
        )


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known before anything was typed."""

    rating: str | None = None
    name: str = ""
    email: str = ""
    country: str = ""
    variant: str = ""
    display_name: str = ""
    answers: dict[str, Any] = field(default_factory=dict)


def form_kind(product: Product, attributes: list[Attribute]) -> type[ReviewForm]:
    """The form of a product, with its variants and questions; nothing of a request is in it."""
    variants = (choice(str(one.id), one.name) for one in product.variants)
    own = {"attributes": tuple(attributes), "variants": (choice("", lazy_gettext("No answer")), *variants)}
    return type("ProductReviewForm", (ReviewForm,), own | {field_name(one): attribute_field(one) for one in attributes})


def open_form(kind: type[ReviewForm], preset: Preset, *, known_email: bool) -> ReviewForm:
    """A form of that kind, filled from the request or from what is known."""
    form = kind(
        rating=preset.rating,
        name=preset.name,
        email=preset.email,
        country=preset.country,
        variant=preset.variant,
        display_name=preset.display_name,
        **preset.answers,
    )
    form.variant.choices = list(kind.variants)
    if form.variant.data not in values_of(form.variant):
        form.unknown_variant = bool(form.variant.data)
        form.variant.data = ""
    if known_email:
        form.email.data = preset.email
    return form


def review_form_for(product: Product, attributes: list[Attribute], preset: Preset, *, known_email: bool) -> ReviewForm:
    """A form with the product's variants and questions, filled from the request or from what is known."""
    return open_form(form_kind(product, attributes), preset, known_email=known_email)
