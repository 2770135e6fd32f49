"""Pages by key, never by offset: a list goes on after the last row shown, however many there are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

Moment = InstrumentedAttribute[datetime]
Id = InstrumentedAttribute[UUID]


def older(at: Moment, row_id: Id, *, than: tuple[datetime, UUID]) -> ColumnElement[bool]:
    """Rows that follow one with this moment and id, the newest first; the id decides between equal moments."""
    return or_(at < than[0], and_(at == than[0], row_id < than[1]))


def newer(at: Moment, row_id: Id, *, than: tuple[datetime, UUID]) -> ColumnElement[bool]:
    """The same, the oldest first."""
    return or_(at > than[0], and_(at == than[0], row_id > than[1]))
