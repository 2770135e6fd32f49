"""The kinds of fields a report holds, each refusing in words what it cannot be. JSON and CSV share them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, ValidationError, ValidationInfo

from reviews_app.lib.country_code import iso_country
from reviews_app.lib.email_address import plain_email
from reviews_app.lib.plain_text import one_line, plain_paragraphs
from reviews_app.models.order_report import ReportRefused

# No shop of today sold anything before; a date like 0001-01-01 or 1970-01-01 is a field nobody filled.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
ZONES = frozenset(available_timezones())
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?")
MOST_PROBLEMS = 5


def _moment(value: Any, info: ValidationInfo) -> datetime | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not MOMENT.fullmatch(value.strip()):
        raise ValueError('is no date and time such as "2026-11-23T14:05:00Z"')
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("is a day or time that does not exist") from None
    return _within(at, info.context or {})


def _within(at: datetime, context: dict[str, Any]) -> datetime:
    if at.tzinfo is None:
        zone: ZoneInfo | None = context.get("zone")
        if zone is None:
            raise ValueError("needs its time zone, such as Z or +01:00 at the end")
        at = at.replace(tzinfo=zone)
    if at.year < EARLIEST.year:
        raise ValueError("lies before the year 2000")
    if at > context["now"] + AHEAD:
        raise ValueError("lies in the future")
    return at.astimezone(UTC)


def _email(value: Any) -> str | None:
    if value is None or value == "":
        return None
    address = plain_email(value) if isinstance(value, str) else None
    if address is None:
        raise ValueError("is not one email address such as name@example.com")
    return address


def _country(value: str | None) -> str | None:
    if not value:
        return None
    code = iso_country(value)
    if code is None:
        raise ValueError("is no two-letter country code such as DE")
    return code


def _locale(value: str | None) -> str | None:
    if not value:
        return None
    if not LOCALE.fullmatch(value):
        raise ValueError("is no language tag such as de-AT")
    return value.replace("_", "-")


def _zone(value: str | None) -> str | None:
    if not value:
        return None
    if value not in ZONES:
        raise ValueError("is no time zone such as Europe/Berlin")
    return value


def _line(most: int) -> AfterValidator:
    def cut(value: str | None) -> str | None:
        return None if value is None else one_line(value, most=most)

    return AfterValidator(cut)


def _needed(value: str) -> str:
    if not value:
        raise ValueError("is needed")
    return value


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _none_is_blank(value: Any) -> Any:
    return "" if value is None else value


def _paragraphs(value: str | None) -> str | None:
    return None if value is None else plain_paragraphs(value, most=20_000)


Id = Annotated[str, _line(100), AfterValidator(_needed)]
Word = Annotated[str, BeforeValidator(_none_is_blank), _line(100)]
Title = Annotated[str, BeforeValidator(_none_is_blank), _line(300)]
PerhapsWord = Annotated[str | None, BeforeValidator(_blank_is_none), _line(100)]
PerhapsTitle = Annotated[str | None, BeforeValidator(_blank_is_none), _line(300)]
Paragraphs = Annotated[str | None, BeforeValidator(_blank_is_none), AfterValidator(_paragraphs)]
Email = Annotated[str | None, BeforeValidator(_email)]
Country = Annotated[PerhapsWord, AfterValidator(_country)]
Locale = Annotated[PerhapsWord, AfterValidator(_locale)]
Zone = Annotated[PerhapsWord, AfterValidator(_zone)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


def refused(error: ValidationError) -> ReportRefused:
    """The first five problems, in words behind the place where each is, "lines.0.quantity: is needed"."""
    found = tuple((one["loc"], _words_of(one["type"], one["msg"])) for one in error.errors()[:MOST_PROBLEMS])
    told = (f"{'.'.join(str(part) for part in place)}: {words}" if place else words for place, words in found)
    return ReportRefused("; ".join(told), found)


def _words_of(kind: str, message: str) -> str:
    return "is needed" if kind == "missing" else message.removeprefix("Value error, ")
