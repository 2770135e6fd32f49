"""A day of the store's calendar, or none."""

from typing import Any

from wtforms import DateField

WORDS = "Write the day as year, month and day, such as 2026-11-23."


class Day(DateField):
    """An empty one is None; what is no day stays typed, to be mended."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError, which the form shows at the field."""
        self.data = None
        try:
            super().process_formdata([text.strip() for text in valuelist if text.strip()])
        except ValueError:
            raise ValueError(WORDS) from None
