import re
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from reviews_app.web.page_language import TRANSLATED
from tests.architecture.source import TOP

FOLDER = TOP / "translations"
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
END = re.compile(r"[.?!\u3002\uff1f\uff01\u061f]$")
# A colon of one language is a full stop, or nothing, in another.
COLON = re.compile(r"[:\uff1a]$")
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


def words_on_pages() -> set[str]:
    """Every phrase the code and the templates ask a translation for."""
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(TOP, methods, options, KEYWORDS)
    return {phrase if isinstance(phrase, str) else phrase[0] for _, _, phrase, _, _ in found}


def catalogue(language: str) -> Catalog:
    return read_po(BytesIO((FOLDER / language / "LC_MESSAGES" / "messages.po").read_bytes()))


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


@pytest.mark.parametrize("language", [code for code in TRANSLATED if code != "en"])
def test_every_phrase_is_translated_with_its_places(language: str) -> None:
    known = {one.id if isinstance(one.id, str) else one.id[0]: one for one in messages(language)}
    assert words_on_pages() - set(known) == set()
    for phrase, message in known.items():
        words = forms(message.string)[-1]
        assert words, phrase
        assert set(PLACE.findall(words)) >= set(PLACE.findall(phrase)) - {"%(num)s"}, phrase


@pytest.mark.parametrize("language", [code for code in TRANSLATED if code != "en"])
def test_a_translation_ends_as_its_phrase_does_and_holds_nothing_of_another(language: str) -> None:
    pairs = [(forms(one.id)[0], forms(one.string)[0]) for one in messages(language)]
    ended = [pair for pair in pairs if not any(COLON.search(words) for words in pair)]
    assert [phrase for phrase, words in ended if bool(END.search(words)) is not bool(END.search(phrase))] == []


@pytest.mark.parametrize("language", [code for code in TRANSLATED if code != "en"])
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    compiled = read_mo(BytesIO((FOLDER / language / "LC_MESSAGES" / "messages.mo").read_bytes()))
    assert shown(compiled) == shown(catalogue(language))


def shown(read: Catalog) -> dict[str, str]:
    return {str(forms(one.id)): str(forms(one.string)) for one in read if one.id}


def forms(text: object) -> list[str]:
    """One phrase, or its singular and plurals."""
    return [text] if isinstance(text, str) else [str(form) for form in (text if isinstance(text, list | tuple) else [])]
