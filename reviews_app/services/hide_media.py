"""Hides one picture of a review, or shows it again: page, gallery and counts follow in the same transaction."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.account import Account
from reviews_app.models.media import Media
from reviews_app.models.media_hiding import HidingReason, MediaHiding
from reviews_app.services.count_media import count_media_anew


class MediaAlreadyDecided(Exception):
    """The picture already is as it was to become: somebody else was faster."""


def hide_media(session: Session, media: Media, *, reason: HidingReason, by: Account, clock: Clock) -> None:
    """Take it off every page and keep why, who and when. Raises MediaAlreadyDecided when it is hidden."""
    review_id = _lock(session, media)
    if media.is_hidden:
        raise MediaAlreadyDecided
    media.is_hidden = True
    session.add(
        MediaHiding(store_id=media.store_id, media_id=media.id, reason=reason, hidden_at=clock(), hidden_by=by.id)
    )
    count_media_anew(session, review_id)


def show_media(session: Session, media: Media, *, by: Account, clock: Clock) -> None:
    """Put it back where it was. Raises MediaAlreadyDecided when it shows."""
    review_id = _lock(session, media)
    if not media.is_hidden:
        raise MediaAlreadyDecided
    media.is_hidden = False
    lasting = select(MediaHiding).where(MediaHiding.media_id == media.id, MediaHiding.shown_at.is_(None))
    for hiding in session.scalars(lasting):
        hiding.shown_at, hiding.shown_by = clock(), by.id
    count_media_anew(session, review_id)


def _lock(session: Session, media: Media) -> UUID:
    """The second of two people sees what the first did; gives the review that is counted anew."""
    session.refresh(media, with_for_update=True)
    if media.review_id is None:
        raise MediaAlreadyDecided
    return media.review_id
