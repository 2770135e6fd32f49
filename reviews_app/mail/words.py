"""The words of mails in their reader's language, from the same catalogues as the pages."""

from collections.abc import Mapping
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

    def say(phrase: str, **values: object) -> str:
        return str(catalogue.gettext(phrase)) % kept_apart(language, values)

    return say


def kept_apart(language: str, values: Mapping[str, object]) -> dict[str, str]:
    """Values as they are filled in; in a language written from the right each in its own direction.

    Without that the "#" of "#1205" jumps behind it.
    """
    apart = language.partition("-")[0] in RIGHT_TO_LEFT
    return {name: f"{START}{value}{END}" if apart and value != "" else str(value) for name, value in values.items()}


@cache
def _catalogue(language: str) -> Translations:
    loaded = Translations.load(CATALOGUES, [language.replace("-", "_")])
    return loaded if isinstance(loaded, Translations) else Translations()
