"""How much a person may send in a day and a store may keep: floods end here, people do not notice."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from reviews_app.models.media import Media
from reviews_app.models.media_offer import MediaOffer
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.store import Store

MIB = 1024 * 1024
A_DAY = timedelta(hours=24)
# A whole family behind one address leaves fewer; a flood reaches it in a minute.
FILES_A_DAY = 100
BYTES_A_DAY = 1024 * MIB


def has_room_for(session: Session, store: Store, *, more: int = 0) -> bool:
    """Whether the store's files, raw and served, and the places it offered stay within its quota with so many bytes
    more.
    """
    # What a scanner found bad lies apart, as large as it came.
    lies = or_(Media.has_original, Media.trouble == MediaTrouble.INFECTED)
    raw = func.sum(Media.byte_count).filter(lies)
    used = session.execute(select(raw, func.sum(Media.stored_bytes)).where(Media.store_id == store.id)).one()
    offered = session.scalar(select(func.sum(MediaOffer.byte_count)).where(MediaOffer.store_id == store.id))
    return sum(part or 0 for part in (*used, offered)) + max(more, 1) <= store.media_quota_mb * MIB


def is_within_a_day_of(session: Session, store: Store, sender_key: str, *, now: datetime, more: int = 0) -> bool:
    """Whether that person may send another file of so many bytes to this store today; an empty key is nobody's."""
    if not sender_key:
        return True
    today = select(func.count(), func.sum(Media.byte_count)).where(
        Media.store_id == store.id, Media.sender_key == sender_key, Media.created_at > now - A_DAY
    )
    # Those whose file came are counted as files.
    offered = select(func.count(), func.sum(MediaOffer.byte_count)).where(
        MediaOffer.store_id == store.id, MediaOffer.sender_key == sender_key, MediaOffer.byte_count > 0
    )
    counts, sizes = zip(*(session.execute(part).one() for part in (today, offered)), strict=True)
    return sum(counts) < FILES_A_DAY and sum(size or 0 for size in sizes) + more <= BYTES_A_DAY
