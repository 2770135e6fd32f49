"""How much a person may send in a day and a store may keep: floods end here, people do not notice."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.models.media import Media
from reviews_app.models.store import Store

MIB = 1024 * 1024
A_DAY = timedelta(hours=24)
# A whole family behind one address leaves fewer; a flood reaches it in a minute.
FILES_A_DAY = 100
BYTES_A_DAY = 1024 * MIB


def has_room_for(session: Session, store: Store, *, more: int = 0) -> bool:
    """Whether the store's files, raw and served, stay within its quota with so many bytes more."""
    raw = func.sum(Media.byte_count).filter(Media.has_original)
    used = session.execute(select(raw, func.sum(Media.stored_bytes)).where(Media.store_id == store.id)).one()
    return sum(part or 0 for part in used) + max(more, 1) <= store.media_quota_mb * MIB


def is_within_a_day_of(session: Session, store: Store, sender_key: str, *, now: datetime, more: int = 0) -> bool:
    """Whether that person may send another file of so many bytes to this store today; an empty key is nobody's."""
    if not sender_key:
        return True
    today = select(func.count(), func.sum(Media.byte_count)).where(
        Media.store_id == store.id, Media.sender_key == sender_key, Media.created_at > now - A_DAY
    )
    count, size = session.execute(today).one()
    return count < FILES_A_DAY and (size or 0) + more <= BYTES_A_DAY
