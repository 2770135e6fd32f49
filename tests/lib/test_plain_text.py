"""Whatever comes from outside is text that can be kept, shown and put into a mail's head."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.lib.plain_text import one_line, plain_paragraphs

# Halves of surrogate pairs too: JSON and forms of other systems hold them.
LETTERS = st.characters() | st.sampled_from(
    [
        "\x00",
        "\r",
        "\n",
        "\u2028",
        "\u202e",
        "\ud800",
        "\u0301",
        "\u200d",
        "\ufdd0",
        "\ufffe",
        "\uffff",
        "\U0001ffff",
        "🎒",
    ]
)
TEXTS = st.lists(LETTERS, max_size=40).map("".join)
MARKUP = st.lists(st.sampled_from(["<p>", "</p>", "<b", ">", "&lt;", "&#x202e;", "&#0;", "e&#x301;", "\n"]) | LETTERS)


def can_be_kept(text: str) -> bool:
    kept = text.replace("\n", "")
    is_letter = all(ord(letter) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(letter) <= 0xFDEF for letter in kept)
    return is_letter and not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in kept)


@settings(deadline=None, max_examples=150)
@given(text=TEXTS, most=st.integers(1, 30))
def test_a_line_is_one_clean_short_and_settled(text: str, most: int) -> None:
    line = one_line(text, most=most)
    assert can_be_kept(line)
    assert "\n" not in line
    assert line == line.strip()
    assert len(line) <= most
    assert unicodedata.is_normalized("NFC", line)
    assert one_line(line, most=most) == line
    line.encode()


@settings(deadline=None, max_examples=150)
@given(pieces=MARKUP, most=st.integers(1, 30))
def test_a_description_is_clean_lines_none_of_them_empty(pieces: list[str], most: int) -> None:
    text = plain_paragraphs("".join(pieces), most=most)
    assert can_be_kept(text)
    assert len(text) <= most
    assert unicodedata.is_normalized("NFC", text)
    assert all(line == line.strip() and line for line in text.split("\n") if text)
    text.encode()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("caf&#x65;&#x301;", "caf\u00e9"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("&#8238;nagrom", "nagrom"),
        ("a&nbsp;&nbsp;b", "a b"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("a <b>b</b><i> c</i>", "a b c"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("&amp;lt;p&amp;gt;", "&lt;p&gt;"),
        ("<p><p><p></p>", ""),
        ("a&#xfffe;b\uffffc &#x1ffff;", "ab c"),
        ("\r\n\r\nx\r\n", "x"),
    ],
)
def test_marks_of_a_page_become_what_their_reader_saw(markup: str, text: str) -> None:
    assert plain_paragraphs(markup, most=100) == text


def test_a_family_of_one_sign_stays_together() -> None:
    assert one_line("👩‍👩‍👧 at home", most=50) == "👩‍👩‍👧 at home"


def test_words_that_run_to_the_left_keep_their_letters() -> None:
    assert one_line(" حقيبة  جيدة ", most=50) == "حقيبة جيدة"
