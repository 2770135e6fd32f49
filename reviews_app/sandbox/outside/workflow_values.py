"""What a workflow's values mean: references keep their type, texts are filled in, conditions hold or not.

Only as much of Kustomer's language as the ready-made workflow speaks; anything else stops the run and says so.
"""

import re
from typing import Any

FIELD = re.compile(r"\{\{\{\s*([\w.]+)\s*\}\}\}")
MISSING = object()


class StepFailed(Exception):
    """A step could not be done; the text says why."""


def value_of(value: Any, context: dict[str, Any]) -> Any:
    """A literal, a reference or a text with the run's own values; MISSING for a reference to nothing."""
    if isinstance(value, dict):
        found = {name: value_of(inner, context) for name, inner in value.items()}
        return {name: inner for name, inner in found.items() if inner is not MISSING}
    if isinstance(value, list):
        return [inner for one in value if (inner := value_of(one, context)) is not MISSING]
    if not isinstance(value, str):
        return value
    if value.startswith("/#"):
        return _at(value.removeprefix("/#"), context)
    return FIELD.sub(lambda field: _text(_at(field.group(1), context)), value)


def holds(condition: dict[str, Any], context: dict[str, Any]) -> bool:
    """Whether a condition is met. Raises StepFailed for one that is not known here."""
    op, values = condition.get("op"), condition.get("values", [])
    if op in {"and", "or"}:
        each = (holds(one, context) for one in values)
        return all(each) if op == "and" else any(each)
    known = [value_of(one, context) for one in values]
    if op == "true":
        return True
    if op == "eq":
        return bool(known[0] == known[1] and isinstance(known[0], bool) is isinstance(known[1], bool))
    if op in {"exists", "dne"}:
        is_there = known[0] is not MISSING and known[0] is not None
        return is_there is (op == "exists")
    raise StepFailed(f"The condition {op} is not known here")


def _at(path: str, context: dict[str, Any]) -> Any:
    found: Any = context
    for name in path.split("."):
        if not isinstance(found, dict) or name not in found:
            return MISSING
        found = found[name]
    return found


def _text(value: Any) -> str:
    if value is MISSING or value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
