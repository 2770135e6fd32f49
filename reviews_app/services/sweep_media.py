"""Rings for files nobody worked on, and for the removal of those whose review never came."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.clock import database_now
from reviews_app.db.job_names import JobName
from reviews_app.models.media import LET_GO, Media, MediaState
from reviews_app.services.stage_picture import ring_for

RING_AGAIN = timedelta(seconds=30)
# A day, less the time a queue may be down.
STAGED_FOR = timedelta(hours=23)
MOST = 500
# The tidying is about every file, not about a row.
NO_ROW = UUID(int=0)


def sweep_media(session: Session, *, now: datetime) -> int:
    """Ring for uploads older than half a minute and for what is to go; gives how many of both."""
    free = or_(Media.lease_until.is_(None), Media.lease_until < database_now(session))
    waiting = select(Media).where(Media.state == MediaState.UPLOADED, Media.enqueued_at < now - RING_AGAIN, free)
    going = select(Media).where(nobodys(now), Media.enqueued_at < now - RING_AGAIN)
    leaving = session.scalars(going.limit(MOST).with_for_update(skip_locked=True)).all()
    for row in leaving:
        row.enqueued_at = now
        ring_after_commit(session, JobName.REMOVE_MEDIA, row.id)
    session.flush()
    rows = session.scalars(waiting.limit(MOST).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.enqueued_at = now
        ring_for(session, row)
    return len(leaving) + len(rows)


def ring_for_tidying(session: Session) -> int:
    """Ring for the job that looks for files without a row; gives 1."""
    ring_after_commit(session, JobName.TIDY_MEDIA, NO_ROW)
    return 1


def nobodys(now: datetime) -> ColumnElement[bool]:
    """What no review took in a day, or let go."""
    is_old = or_(Media.created_at < now - STAGED_FOR, Media.form_id.startswith(LET_GO))
    return and_(Media.review_id.is_(None), is_old)
