"""One field for each custom attribute of a product."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import Field, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.review import AnswerValue
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.web.form_fields import AtMost, Needed, Writable, choice, values_of

PREFIX = "attribute_"
LONGEST_TEXT = 200
PREFER_NOT = "prefer-not-to-say"
NEEDED = lazy_gettext("Please answer this question.")
UNKNOWN_CHOICE = lazy_gettext("Choose one of the answers shown.")


class CheckboxesField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for a choice that was not offered."""
        if not set(self.data or []) <= values_of(self):
            raise ValidationError(str(UNKNOWN_CHOICE))


class OneOfField(RadioField):
    """One choice; nothing chosen is None, an unknown one is refused in words."""

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for a choice that was not offered."""
        if self.data in (None, ""):
            self.data = None
            return
        if str(self.data) not in values_of(self):
            raise ValidationError(str(UNKNOWN_CHOICE))

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Nothing sent is no answer, whatever the form had opened with: it was cleared."""
        self.data = valuelist[0] if valuelist else None

    def process_data(self, value: Any) -> None:
        """Nothing chosen stays nothing; RadioField would make it the text None."""
        self.data = None if value is None else str(value)


def field_name(attribute: Attribute) -> str:
    """The field's name in the form."""
    return f"{PREFIX}{attribute.id.hex}"


def attribute_field(attribute: Attribute) -> Field:
    """An unbound field for the attribute's kind."""
    checks: list[Any] = [Needed(NEEDED)] if attribute.is_required else []
    if attribute.kind is AttributeKind.SHORT_TEXT:
        return StringField(attribute.title, [*checks, Writable(), AtMost(LONGEST_TEXT)])
    if attribute.kind is AttributeKind.MULTIPLE_CHOICE:
        choices = [choice(one, one) for one in attribute.choices]
        return CheckboxesField(attribute.title, checks, choices=choices)
    return OneOfField(attribute.title, checks, choices=_choices(attribute), validate_choice=False)


def _choices(attribute: Attribute) -> list[Any]:
    if attribute.kind.steps:
        return [choice(str(step), str(position)) for position, step in enumerate(attribute.kind.steps, start=1)]
    choices = [choice(one, one) for one in attribute.choices]
    said = {one.casefold() for one in attribute.choices}
    if attribute.about is AttributeAbout.REVIEWER and "prefer not to say" not in said:
        choices.append(choice(PREFER_NOT, lazy_gettext("Prefer not to say")))
    return choices


def answer_of(attribute: Attribute, data: Any) -> AnswerDraft | None:
    """What was answered, in the store's wording; None for nothing, and for "prefer not to say"."""
    value = _value(attribute, data)
    return None if value in ("", []) or value is None else AnswerDraft(attribute.id, value)


def unsaid(attribute: Attribute) -> str | None:
    """The choice that stands for "prefer not to say"; None where the question has none."""
    if attribute.kind is not AttributeKind.SINGLE_CHOICE:
        return None
    own = next((one for one in attribute.choices if one.casefold() == "prefer not to say"), None)
    return own or PREFER_NOT


def _value(attribute: Attribute, data: Any) -> AnswerValue | None:
    if data is None or data == PREFER_NOT:
        return None
    if isinstance(data, list):
        return [one for one in attribute.choices if one in data]
    text = str(data).strip()
    if attribute.kind.steps:
        return int(text) if text else None
    return None if text.casefold() == "prefer not to say" else text
