import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.colour import DARK_SURFACE, WHITE, accent_of, contrast, is_colour


def test_black_on_white_is_21_and_the_same_is_1() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    accent = accent_of("#1f5f4a")
    assert (accent.colour, accent.was_darkened) == ("#1F5F4A", False)


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_becomes_one_that_can_be_read_on_light_and_dark(number: int) -> None:
    typed = f"#{number:06X}"
    accent = accent_of(typed)
    assert contrast(accent.colour, WHITE) >= 4.5
    assert contrast(accent.on_dark, DARK_SURFACE) >= 4.5
    assert contrast(accent.ink_on_dark, accent.on_dark) >= 4.5
    assert accent.was_darkened == (contrast(typed, WHITE) < 4.5)


@pytest.mark.parametrize("text", ["", "#12345", "#1234567", "red", "#GGGGGG", "url(x)", "#123456;}", " #123456"])
def test_only_six_digits_are_a_colour(text: str) -> None:
    assert not is_colour(text)
