"""The words of mails in their reader's language, from the same catalogues as the pages."""

from functools import cache
from pathlib import Path
from typing import Protocol

from babel.support import Translations

CATALOGUES = Path(__file__).resolve().parent.parent.parent / "translations"

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
# First strong isolate, and the end of it.
START, END = "\u2068", "\u2069"


class Say(Protocol):
    """Gives a phrase in one language, its places filled."""

    def __call__(self, phrase: str, **values: object) -> str: ...


def words_in(language: str) -> Say:
    """The phrases of a language; English where it has no catalogue.

    In a language written from the right, what is filled in keeps its own direction: the store's words may be Latin.
    """
    catalogue = _catalogue(language)
    isolated = language.partition("-")[0] in RIGHT_TO_LEFT

    def say(phrase: str, **values: object) -> str:
        filled = {name: f"{START}{value}{END}" for name, value in values.items()} if isolated else values
        return str(catalogue.gettext(phrase)) % filled

    return say


@cache
def _catalogue(language: str) -> Translations:
    loaded = Translations.load(CATALOGUES, [language.replace("-", "_")])
    return loaded if isinstance(loaded, Translations) else Translations()
