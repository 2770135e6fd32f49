"""The words of mails in their reader's language, from the same catalogues as the pages."""

from functools import cache
from pathlib import Path
from typing import Protocol

from babel.support import Translations

CATALOGUES = Path(__file__).resolve().parent.parent.parent / "translations"


class Say(Protocol):
    """Gives a phrase in one language, its places filled."""

    def __call__(self, phrase: str, **values: object) -> str: ...


def words_in(language: str) -> Say:
    """The phrases of a language; English where it has no catalogue."""
    catalogue = _catalogue(language)

    def say(phrase: str, **values: object) -> str:
        return str(catalogue.gettext(phrase)) % values

    return say


@cache
def _catalogue(language: str) -> Translations:
    loaded = Translations.load(CATALOGUES, [language.replace("-", "_")])
    return loaded if isinstance(loaded, Translations) else Translations()
