"""The keys by which a page's script knows the files of its form."""

import re

from wtforms import Field

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
MOST_KEYS = 100


def keys_among(texts: list[str]) -> list[str]:
    """Each once, in its order; what is no key is left out."""
    return list(dict.fromkeys(text for text in texts[:MOST_KEYS] if KEY.fullmatch(text)))


class PhotoKeysField(Field):
    """Hidden fields of one name, a key in each."""

    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        """As they were sent."""
        self.data = keys_among(valuelist)

    def process_data(self, value: object) -> None:
        """None before the form is sent."""
        self.data = []
