"""The words of a review request in its reader's language: the usual ones, or a merchant's own."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from reviews_app.mail.environment import TEMPLATES
from reviews_app.mail.words import kept_apart
from reviews_app.models.review_request import Asking

LANGUAGES = ("en", "de", "fr", "es", "ja", "ar")
PLACE = re.compile(r"\{(name|store|product|order|star|count)\}")
# What a merchant may write: per language and kind of mail.
OWN_PARTS = ("subject", "intro")
# What is filled into a merchant's own words, and what looks as if it were.
OWN_PLACES = ("name", "product", "order", "store")
LIKE_A_PLACE = re.compile(r"\{([^\W\d_]+(?:[ _-][^\W\d_]+)*)\}")
TEXT_KIND = {Asking.REMINDER: "reminder", Asking.PHOTO: "photo"}
TEXT_KINDS = ("first", "reminder", "photo")


@dataclass(frozen=True, slots=True)
class RequestWords:
    """One mail's words with its values filled in."""

    texts: Mapping[str, Any]
    kind: str
    own: Mapping[str, str]
    values: Mapping[str, str]
    language: str

    def __getitem__(self, name: str) -> str:
        """A phrase by its name."""
        return self.say(name)

    def say(self, name: str, **values: object) -> str:
        """A phrase with further values; what a merchant wrote stands before the usual words."""
        usual = self.texts[self.kind][name] if name in OWN_PARTS else self.texts[name]
        return fill(self._own(name) or usual, kept_apart(self.language, {**self.values, **values}))

    def _own(self, name: str) -> str:
        """What the merchant wrote; not where it calls by name a buyer whose name nobody told."""
        text = self.own.get(name, "")
        return "" if "{name}" in text and not self.values.get("name") else text


def request_words(language: str, asking: Asking, own: Mapping[str, Any], values: Mapping[str, str]) -> RequestWords:
    """The words of a mail; `own` is what the merchant wrote, by language and kind."""
    kind = TEXT_KIND.get(asking, "first")
    return RequestWords(usual_words(language), kind, own.get(language, {}).get(kind, {}), values, language)


def mail_language(locale: str | None, spoken: list[str]) -> str:
    """The buyer's language if the store speaks it and mails are written in it, else the store's first of these."""
    written = [language for language in spoken if language in LANGUAGES] or ["en"]
    asked = (locale or "").replace("_", "-").lower()
    return next((one for one in (asked, asked.partition("-")[0]) if one in written), written[0])


@cache
def usual_words(language: str) -> Mapping[str, Any]:
    """What a mail says where the merchant wrote nothing."""
    words: Mapping[str, Any] = json.loads((TEMPLATES / "words" / f"{language}.json").read_text())
    return words


def unknown_place(text: str) -> str:
    """The first `{word}` of a merchant's own words that nothing is filled into, else nothing."""
    return next((found for found in LIKE_A_PLACE.findall(text) if found not in OWN_PLACES), "")


def fill(text: str, values: Mapping[str, str]) -> str:
    """`{name}`, `{store}`, `{product}`, `{order}` become their values, once; anything else in braces is just text."""
    return PLACE.sub(lambda place: values.get(place.group(1), place.group(0)), text)
