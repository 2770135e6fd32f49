"""Places in the bucket that were offered: each counts as full until its file is taken in, or the place is cleared."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.tokens import new_token
from reviews_app.media.storage import OFFERED_SECONDS
from reviews_app.models.media_offer import MediaOffer
from reviews_app.models.store import Store

# Longer than a browser may put anything there: what arrived in the last minute is taken still.
OFFER_HOLDS = timedelta(hours=2)
# A file that began to be sent in time is there by then, if it ever is.
FILLED_WITHIN = timedelta(seconds=OFFERED_SECONDS) + timedelta(minutes=15)
MOST = 500


def open_place(session: Session, store: Store, *, form_id: str, upload_key: str) -> MediaOffer | None:
    """What this file was offered before, and has not filled: tried again it takes no second place."""
    its = (MediaOffer.store_id == store.id, MediaOffer.form_id == form_id, MediaOffer.upload_key == upload_key)
    return session.scalar(select(MediaOffer).where(*its, MediaOffer.byte_count > 0))


def new_place(store: Store, *, form_id: str, upload_key: str, sender_key: str) -> MediaOffer:
    """A place under a name nobody can guess."""
    return MediaOffer(
        store_id=store.id, form_id=form_id, upload_key=upload_key, sender_key=sender_key, name=new_token(), byte_count=0
    )


def is_open(session: Session, store: Store, name: str) -> bool:
    """Whether a file may be taken out of that place: so it is once."""
    return session.scalar(select(MediaOffer.id).where(*_open(store, name))) is not None


def spend_place(session: Session, store: Store, name: str) -> bool:
    """Its file is counted as a picture's from now on; gives whether it was open until now.

    The place stays known until nobody can fill it again.
    """
    spent = update(MediaOffer).where(*_open(store, name)).values(byte_count=0).returning(MediaOffer.id)
    return session.scalar(spent) is not None


def nobodys_place(now: datetime) -> ColumnElement[bool]:
    """Where no file is waited for any more: what was put into a spent one goes as soon as nothing more can come."""
    spent = and_(MediaOffer.byte_count == 0, MediaOffer.created_at < now - FILLED_WITHIN)
    return or_(spent, MediaOffer.created_at < now - OFFER_HOLDS)


def _open(store: Store, name: str) -> tuple[ColumnElement[bool], ...]:
    return MediaOffer.store_id == store.id, MediaOffer.name == name, MediaOffer.byte_count > 0


def ring_for_places(session: Session, *, now: datetime) -> int:
    """Ring for places that nobody can fill any more; gives for how many."""
    ended = select(MediaOffer.id).where(nobodys_place(now)).order_by(MediaOffer.created_at)
    ids = session.scalars(ended.limit(MOST)).all()
    for offer_id in ids:
        ring_after_commit(session, JobName.CLEAR_OFFER, offer_id)
    return len(ids)
