"""A whole number between two others."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import StopValidation

LONGEST = 9


class WholeNumber(IntegerField):
    """Whatever else was typed is told in the same words, and stays in the field."""

    def __init__(self, label: str, words: str, *, low: int, high: int, **options: Any) -> None:
        super().__init__(label, **options)
        self.words = words
        self.low, self.high = low, high

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Digits alone, and no more of them than a database column holds."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None

    def pre_validate(self, _form: Any) -> None:
        """Raises StopValidation."""
        if self.data is None or not self.low <= self.data <= self.high:
            raise StopValidation(self.words)
