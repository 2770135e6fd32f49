import re

import pytest

from tests.architecture.source import TOP

TOKENS = (TOP / "static" / "tokens.css").read_text()
BLOCK = re.compile(r"(:root[^{]*)\{([^{}]*)\}")
COLOUR = re.compile(r"--([\w-]+): #([0-9a-f]{6});")
GROUNDS = ("paper", "surface", "sunk")
WORDS = ("ink", "ink-2", "accent", "danger", "ok", "warn", "info")


def themes() -> dict[str, dict[str, str]]:
    """The colours by theme: the light one, the dark one of the system, the dark one of the switch."""
    found = [dict(COLOUR.findall(body)) for _, body in BLOCK.findall(TOKENS)]
    light, by_system, by_switch = [colours for colours in found if colours]
    return {"light": light, "dark by the system": by_system, "dark by the switch": by_switch}


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("ground", GROUNDS)
def test_words_can_be_read_on_every_ground(theme: str, ground: str) -> None:
    colours = themes()[theme]
    assert {word: contrast(colours[word], colours[ground]) for word in WORDS if low(colours, word, ground)} == {}


def low(colours: dict[str, str], word: str, ground: str) -> bool:
    return contrast(colours[word], colours[ground]) < 4.5


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("kind", ["accent", "danger", "ok", "warn", "info"])
def test_a_word_can_be_read_on_its_own_tint(theme: str, kind: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[kind], colours[f"{kind}-tint"]) >= 4.5
    assert contrast(colours["ink"], colours[f"{kind}-tint"]) >= 7


@pytest.mark.parametrize("theme", themes())
def test_borders_of_fields_and_contours_of_stars_are_seen(theme: str) -> None:
    colours = themes()[theme]
    for ground in ("paper", "surface"):
        assert contrast(colours["control"], colours[ground]) >= 3
        assert contrast(colours["star-contour"], colours[ground]) >= 3
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


def test_dark_is_the_same_whether_the_system_or_the_switch_chose_it() -> None:
    assert themes()["dark by the system"] == themes()["dark by the switch"]


def test_every_colour_has_its_dark_counterpart() -> None:
    assert set(themes()["light"]) == set(themes()["dark by the switch"])


def test_every_token_a_style_uses_is_defined() -> None:
    defined = set(re.findall(r"(--[\w-]+):", TOKENS))
    for style in (TOP / "static").rglob("*.css"):
        assert set(re.findall(r"var\((--[\w-]+)", style.read_text())) - defined == set(), style.name
