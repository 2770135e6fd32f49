"""Kustomer's rule for an object's attributes: the ending of the name says what the value must be."""

from collections.abc import Callable
from typing import Any

from reviews_app.sandbox.outside.workflow_values import StepFailed

MOST_LETTERS = 1024


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MOST_LETTERS


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


ENDINGS: dict[str, Callable[[Any], bool]] = {
    "Str": _is_text,
    "Txt": _is_text,
    "Url": _is_text,
    "At": _is_text,
    "Num": _is_number,
    "Bool": lambda value: isinstance(value, bool),
}


def check_attributes(custom: Any) -> dict[str, Any]:
    """The attributes as they are. Raises StepFailed for one with a wrong ending, type or length; null clears one."""
    if not isinstance(custom, dict):
        raise StepFailed("custom is no object")
    for name, value in custom.items():
        fits = next((fits for ending, fits in ENDINGS.items() if name.endswith(ending)), None)
        if fits is None or (value is not None and not fits(value)):
            raise StepFailed(f"The attribute {name} does not fit its type, or holds more than 1,024 letters")
    return custom
