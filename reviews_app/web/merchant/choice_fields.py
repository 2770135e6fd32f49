"""A choice that says in our own words when nothing, or nothing it offers, was chosen."""

from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import StopValidation

from reviews_app.web.form_fields import values_of


class OneListed(SelectField):
    """One of its choices, as a list that opens."""

    def __init__(self, label: str, words: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.words = words

    def pre_validate(self, _form: Any) -> None:
        """Raises StopValidation."""
        if self.data not in values_of(self):
            raise StopValidation(self.words)


class OneOf(OneListed, RadioField):
    """Exactly one of its choices, all of them in sight."""
