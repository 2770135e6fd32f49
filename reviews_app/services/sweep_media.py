"""Rings for pictures nobody encoded, and removes those whose review never came."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.media.storage import MediaStorage
from reviews_app.models.media import Media, MediaState

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
    waiting = select(Media).where(Media.state == MediaState.UPLOADED, Media.enqueued_at < now - RING_AGAIN).limit(MOST)
    rows = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.enqueued_at = now
        ring_after_commit(session, JobName.PROCESS_MEDIA, row.id)
    return len(dropped) + len(rows)
