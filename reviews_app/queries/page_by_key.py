"""Pages by key, never by offset: a list goes on after the last row shown, however many there are."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
Id = InstrumentedAttribute[UUID]
Part = int | datetime | UUID
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def older(at: Moment, row_id: Id, *, than: tuple[datetime, UUID]) -> ColumnElement[bool]:
    """Rows that follow one with this moment and id, the newest first; the id decides between equal moments."""
    return or_(at < than[0], and_(at == than[0], row_id < than[1]))


def newer(at: Moment, row_id: Id, *, than: tuple[datetime, UUID]) -> ColumnElement[bool]:
    """The same, the oldest first."""
    return or_(at > than[0], and_(at == than[0], row_id > than[1]))


def write_key(*parts: Part) -> str:
    """A row's sort values as one word for an address."""
    return base64.urlsafe_b64encode(".".join(map(_written, parts)).encode()).decode().rstrip("=")


def read_key(key: str, *kinds: type[Part]) -> tuple[Any, ...] | None:
    """The sort values of a written key; None for one nobody wrote."""
    try:
        texts = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode().split(".")
        return tuple(_read(text, kind) for text, kind in zip(texts, kinds, strict=True))
    except (ValueError, OverflowError):
        return None


def _written(part: Part) -> str:
    if isinstance(part, datetime):
        return str((part - EPOCH) // MICROSECOND)
    return part.hex if isinstance(part, UUID) else str(part)


def _read(text: str, kind: type[Part]) -> Part:
    if kind is UUID:
        return UUID(text)
    return EPOCH + int(text) * MICROSECOND if kind is datetime else int(text)
