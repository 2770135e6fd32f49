import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.lib.detect_language import detect_language

SPOKEN = ["en", "de", "fr", "es", "it", "nl", "pt", "ja", "ar"]
TEXTS = {
    "en": "I have carried this pack for three months and the straps still hold.",
    "de": "Der Rucksack sitzt auch nach Stunden noch bequem, nur die Träger könnten breiter sein.",
    "fr": "Le sac est solide et confortable, mais les bretelles sont un peu étroites.",
    "es": "La mochila es muy cómoda y la cremallera funciona perfectamente después de meses.",
    "it": "Lo zaino è comodo anche dopo molte ore di cammino, lo consiglio a tutti.",
    "nl": "De rugzak zit heel lekker en is na drie maanden nog steeds als nieuw.",
    "pt": "A mochila é muito confortável e resistente, recomendo a todos os meus amigos.",
    "ja": "このリュックはとても軽くて、長い時間背負っても疲れません。",
    "ar": "الحقيبة مريحة جدا وخفيفة الوزن وأنصح بها الجميع.",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_a_review_is_heard_in_its_own_language_whatever_the_pages(code: str, text: str) -> None:
    for page in ("en", "ja"):
        assert detect_language(text, among=SPOKEN, otherwise=page) == code


@pytest.mark.parametrize("code", ["de", "ja"])
def test_capitals_and_line_breaks_do_not_change_the_language(code: str) -> None:
    text = TEXTS[code]
    assert detect_language(text.upper().replace(" ", "\n\n"), among=SPOKEN, otherwise="en") == code


@pytest.mark.parametrize(
    "text", ["", "   ", "ok", "Super!", "10/10", "👍👍👍👍👍👍👍", ".............", "1234567890123"]
)
@pytest.mark.parametrize("page", ["en", "de"])
def test_what_says_too_little_is_in_the_pages_language(text: str, page: str) -> None:
    assert detect_language(text, among=SPOKEN, otherwise=page) == page


def test_a_language_the_store_does_not_speak_counts_as_the_pages() -> None:
    text = "Bardzo dobry plecak, polecam każdemu, kto chodzi po górach."
    assert detect_language(text, among=["en", "de"], otherwise="de") == "de"


def test_a_text_is_only_ever_in_a_language_the_store_speaks() -> None:
    assert {detect_language(text, among=["en", "fr"], otherwise="en") for text in TEXTS.values()} == {"en", "fr"}


def test_a_page_of_a_region_gives_a_language_of_two_letters() -> None:
    assert detect_language("ok", among=["pt-BR"], otherwise="pt-BR") == "pt"
    assert detect_language(TEXTS["pt"], among=["en", "pt-BR"], otherwise="en") == "pt"


def test_a_very_long_text_is_judged_by_its_beginning() -> None:
    assert detect_language(TEXTS["fr"] * 2000, among=SPOKEN, otherwise="en") == "fr"


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400))
def test_no_text_breaks_the_listener(text: str) -> None:
    assert detect_language(text, among=SPOKEN, otherwise="en") in SPOKEN
