"""The question for a country or region: some 250 options, the same for everybody who reads a language."""

from functools import cache
from typing import Any

from babel import Locale
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape
from wtforms import SelectField, ValidationError
from wtforms.widgets import html_params

from reviews_app.web.form_fields import choice

NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})
OPTION = Markup('<option value="{}">{}</option>')


class CountrySelect:
    """Writes the options once a language and marks the chosen one: WTForms would write each of them for each page."""

    def __call__(self, field: "CountryField", **attributes: Any) -> Markup:
        """The whole element."""
        written = _options(_locale(), gettext("No answer"))
        chosen = Markup('value="{}"').format(field.data or "")
        written = written.replace(chosen, Markup("selected ") + chosen, 1)
        opened = html_params(**({"id": field.id, "name": field.name} | attributes))
        return Markup("<select {}>{}</select>").format(Markup(opened), written)  # noqa: S704 - escaped by html_params


class CountryField(SelectField):
    """A territory with a two-letter code, or no answer; anything else that was sent is refused in words."""

    widget = CountrySelect()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, choices=[choice("", "")], validate_choice=False, **options)

    def process(self, *given: Any, **named: Any) -> None:
        """Take what was sent or is known."""
        super().process(*given, **named)
        self._is_unknown = bool(self.data) and self.data not in _territories(_locale())
        if self._is_unknown:
            self.data = ""

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for a code that is no territory's."""
        if self._is_unknown:
            raise ValidationError(gettext("Choose one of the answers shown."))


def _locale() -> Locale:
    return get_locale() or Locale("en")


@cache
def _territories(locale: Locale) -> dict[str, str]:
    """Names by code, in the order of the language."""
    named = [(code, name) for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()]
    return dict(sorted((one for one in named if one[0] not in NOT_COUNTRIES), key=lambda one: one[1]))


@cache
def _options(locale: Locale, no_answer: str) -> Markup:
    options = (OPTION.format(code, name) for code, name in [("", no_answer), *_territories(locale).items()])
    return escape("").join(options)
