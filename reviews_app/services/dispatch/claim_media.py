"""Takes an upload for one worker, and writes down how its work ended."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.db.clock import database_now
from reviews_app.db.database import transaction
from reviews_app.media.workshop import limits
from reviews_app.media.workshop.task import Made
from reviews_app.models.media import Media, MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.store import Store
from reviews_app.services.count_media import count_media_anew
from reviews_app.services.release_delivery import release_delivery

# A file that ends its worker or its child five times is at fault itself.
MOST_TRIES = 5
SLACK_SECONDS = 30
# So long after each try whose child was ended: a lack of memory passes in a minute, a deploy in a quarter of an hour.
WAITS = (30, 120, 600, 1800)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One upload that is ours until its lease ends."""

    name: str
    is_video: bool
    keeps_original: bool
    most_seconds: int


def claim_media(media_id: UUID) -> Claimed | None:
    """Take it; None when it is done, gone, in another worker's hands, or has killed its worker five times."""
    with transaction() as session:
        row = session.get(Media, media_id, with_for_update=True)
        now = database_now(session)
        if row is None or row.state is not MediaState.UPLOADED or (row.lease_until and row.lease_until > now):
            return None
        row.tries += 1
        if row.tries > MOST_TRIES:
            _fail(session, row, MediaTrouble.TOO_HEAVY)
            return None
        store = session.get_one(Store, row.store_id)
        seconds = (limits.VIDEO if row.is_video else limits.PICTURE).seconds
        row.lease_until = now + timedelta(seconds=seconds + SLACK_SECONDS)
        return Claimed(row.name, row.is_video, store.keeps_originals, store.most_video_seconds)


def record_ready(media_id: UUID, made: Made, *, stored_bytes: int, has_avif: bool) -> MediaState | None:
    """Everything lies there; gives where the row stands now, None when it is gone."""
    with transaction() as session:
        row = session.get(Media, media_id, with_for_update=True)
        if row is None or row.state is not MediaState.UPLOADED:
            return row.state if row else None
        row.state, row.trouble, row.lease_until = MediaState.READY, None, None
        row.width, row.height, row.duration_ms = made.width, made.height, made.duration_ms
        row.stored_bytes, row.has_avif = stored_bytes, has_avif
        row.has_original = session.get_one(Store, row.store_id).keeps_originals
        _release(session, row)
        return row.state


def record_failed(media_id: UUID, trouble: MediaTrouble) -> None:
    """The file itself is at fault."""
    with transaction() as session:
        row = session.get(Media, media_id, with_for_update=True)
        if row is not None and row.state is MediaState.UPLOADED:
            _fail(session, row, trouble)


def give_back(media_id: UUID, trouble: MediaTrouble) -> None:
    """Something else was away: the row says so, and the try does not count against the file."""
    with transaction() as session:
        row = session.get(Media, media_id, with_for_update=True)
        if row is not None and row.state is MediaState.UPLOADED:
            row.tries -= 1
            row.lease_until, row.trouble = None, trouble


def put_off(media_id: UUID) -> None:
    """Its child was ended from outside: the file stays and the try counts."""
    with transaction() as session:
        row = session.get(Media, media_id, with_for_update=True)
        if row is not None and row.state is MediaState.UPLOADED:
            wait = WAITS[min(row.tries, len(WAITS)) - 1]
            row.lease_until, row.trouble = database_now(session) + timedelta(seconds=wait), None


def _fail(session: Session, row: Media, trouble: MediaTrouble) -> None:
    row.state, row.trouble, row.lease_until = MediaState.FAILED, trouble, None
    row.has_original = False
    if row.review_id is not None:
        count_media_anew(session, row.review_id)
    _release(session, row)


def _release(session: Session, row: Media) -> None:
    if row.review_id is not None:
        release_delivery(session, row.review_id)
