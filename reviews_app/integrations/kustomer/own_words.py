"""What Kustomer says itself in an answer of error, short enough for a sentence."""

import json
from typing import Any

LONGEST = 160
NAMES = ("detail", "title", "message", "error")


def own_words(head: str) -> str:
    """The first error's text, or "" when the answer says nothing a person could read.

    Errors come as `errors[]` of objects or of texts, as one object, or as plain text (the contract). Never raises.
    """
    text = head.strip()
    if text.startswith("<"):
        return ""
    try:
        found = _first_text(json.loads(text))
    except (ValueError, RecursionError):
        found = text if not text.startswith(("{", "[")) else ""
    return " ".join(found.split())[:LONGEST].rstrip()


def _first_text(read: Any) -> str:
    if isinstance(read, str):
        return read
    if isinstance(read, list):
        return _first_text(read[0]) if read else ""
    if not isinstance(read, dict):
        return ""
    if read.get("errors"):
        return _first_text(read["errors"])
    return next((_first_text(read[name]) for name in NAMES if read.get(name)), "")
