"""Reads another system's JSON without trusting its shape: what is not as it should be is left out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from reviews_app.lib.country_code import iso_country
from reviews_app.lib.email_address import plain_email
from reviews_app.lib.plain_text import one_line, plain_paragraphs
from reviews_app.models.order_report import MOST_LINES, ReportRefused

EARLIEST_YEAR = 2000
AHEAD = timedelta(days=1)
Values = dict[str, Any]


def values_of(body: bytes) -> Values:
    """The object the body holds. Raises ReportRefused."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ReportRefused(f"The body is not JSON: {one_line(str(error), most=200)}") from None
    if not isinstance(found, dict):
        raise ReportRefused("The body is JSON, but not one object.")
    return found


def part(values: Values, name: str) -> Values:
    """An object within, empty when it is none."""
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def parts(values: Values, name: str) -> list[Values]:
    """The objects of a list within. Raises ReportRefused beyond a thousand."""
    found = values.get(name)
    objects = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    if len(objects) > MOST_LINES:
        raise ReportRefused(f"{name}: {len(objects)} are more than the {MOST_LINES} we take.")
    return objects


def text(values: Values, name: str, *, most: int = 300) -> str:
    """A text or number as one line; empty when it is neither."""
    found = values.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return one_line(str(found), most=most)


def paragraphs(values: Values, name: str) -> str:
    """A description without its tags, its line breaks kept; empty when it is no text."""
    found = values.get(name)
    return plain_paragraphs(found, most=20_000) if isinstance(found, str) else ""


def identity(values: Values, name: str = "id") -> str:
    """An id as text; empty for none and for 0, which stands for none."""
    found = text(values, name, most=100)
    return "" if found == "0" else found


def needed_id(values: Values, name: str = "id") -> str:
    """An id. Raises ReportRefused when there is none."""
    found = identity(values, name)
    if not found:
        raise ReportRefused(f"{name}: is needed")
    return found


def count(values: Values, name: str) -> int:
    """A whole number from 0 to 100,000."""
    found = values.get(name)
    return max(0, min(found, 100_000)) if isinstance(found, int) and not isinstance(found, bool) else 0


def moment(values: Values, name: str, *, now: datetime) -> datetime | None:
    """A moment, UTC where no zone stands; None for what no shop of today can mean."""
    found = values.get(name)
    if not isinstance(found, str):
        return None
    try:
        at = datetime.fromisoformat(found)
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    if at.year < EARLIEST_YEAR or at.year > now.year + 1:
        return None
    return at.astimezone(UTC) if at <= now + AHEAD else None


def address(*candidates: str) -> str | None:
    """The first that is one email address."""
    return next((found for found in map(plain_email, candidates) if found is not None), None)


def country(*candidates: str) -> str | None:
    """The first that is a two-letter code."""
    return next((code for one in candidates if (code := iso_country(one)) is not None), None)
