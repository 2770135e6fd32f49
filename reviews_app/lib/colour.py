"""Colours as `#RRGGBB`, and what can be read on what (WCAG 2, contrast ratio)."""

import colorsys
import re
from dataclasses import dataclass

HEX = re.compile(r"#[0-9A-Fa-f]{6}")
READABLE = 4.5
WHITE, BLACK = "#FFFFFF", "#000000"
# The surface of a mail in dark mode.
DARK_SURFACE = "#1C1C19"
STEP = 0.01


@dataclass(frozen=True, slots=True)
class Accent:
    """A store's colour where white is written on it, and its light twin for dark surfaces, with the ink on that."""

    colour: str
    on_dark: str
    ink_on_dark: str
    was_darkened: bool


def accent_of(typed: str) -> Accent:
    """The colour as it can be used: one under 4.5:1 against white is darkened until it reaches it."""
    colour = _until_readable(typed, against=WHITE, step=-STEP)
    on_dark = _until_readable(typed, against=DARK_SURFACE, step=STEP)
    ink = max((BLACK, WHITE), key=lambda one: contrast(one, on_dark))
    return Accent(colour, on_dark, ink, was_darkened=colour != typed.upper())


def is_colour(text: str) -> bool:
    """Whether it is written as `#RRGGBB`."""
    return HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _until_readable(colour: str, *, against: str, step: float) -> str:
    """The nearest shade of it: hue and saturation stay."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    shade = colour.upper()
    while contrast(shade, against) < READABLE:
        lightness = min(1.0, max(0.0, lightness + step))
        shade = _written(colorsys.hls_to_rgb(hue, lightness, saturation))
    return shade


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
