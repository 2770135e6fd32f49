"""Rings for files nobody worked on, and removes those whose review never came."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reviews_app.db.clock import database_now
from reviews_app.media.storage import MediaStorage
from reviews_app.models.media import Media, MediaState
from reviews_app.services.stage_picture import ring_for

RING_AGAIN = timedelta(seconds=30)
STAGED_FOR = timedelta(hours=24)
MOST = 500


def sweep_media(session: Session, *, now: datetime, storage: MediaStorage) -> int:
    """Ring for uploads older than half a minute, drop staged files after a day; gives how many of both."""
    left = select(Media).where(Media.review_id.is_(None), Media.created_at < now - STAGED_FOR).limit(MOST)
    dropped = session.scalars(left.with_for_update(skip_locked=True)).all()
    for row in dropped:
        storage.drop(row.name)
        session.delete(row)
    session.flush()
    free = or_(Media.lease_until.is_(None), Media.lease_until < database_now(session))
    waiting = select(Media).where(Media.state == MediaState.UPLOADED, Media.enqueued_at < now - RING_AGAIN, free)
    rows = session.scalars(waiting.limit(MOST).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.enqueued_at = now
        ring_for(session, row)
    return len(dropped) + len(rows)
