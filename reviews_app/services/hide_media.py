"""Hides one picture of a review, or shows it again: page, gallery and counts follow in the same transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.account import Account
from reviews_app.models.media import Media
from reviews_app.models.media_hiding import HidingReason, MediaHiding
from reviews_app.models.review import Review, ReviewState
from reviews_app.services.roll_up_ratings import count_in, count_out


class MediaAlreadyDecided(Exception):
    """The picture already is as it was to become: somebody else was faster."""


def hide_media(session: Session, media: Media, *, reason: HidingReason, by: Account, clock: Clock) -> None:
    """Take it off every page and keep why, who and when. Raises MediaAlreadyDecided when it is hidden."""
    _lock(session, media)
    if media.is_hidden:
        raise MediaAlreadyDecided
    media.is_hidden = True
    session.add(
        MediaHiding(store_id=media.store_id, media_id=media.id, reason=reason, hidden_at=clock(), hidden_by=by.id)
    )
    _count_anew(session, media)


def show_media(session: Session, media: Media, *, by: Account, clock: Clock) -> None:
    """Put it back where it was. Raises MediaAlreadyDecided when it shows."""
    _lock(session, media)
    if not media.is_hidden:
        raise MediaAlreadyDecided
    media.is_hidden = False
    lasting = select(MediaHiding).where(MediaHiding.media_id == media.id, MediaHiding.shown_at.is_(None))
    for hiding in session.scalars(lasting):
        hiding.shown_at, hiding.shown_by = clock(), by.id
    _count_anew(session, media)


def _lock(session: Session, media: Media) -> None:
    """Its review first, as everybody who decides about one: the second of two people sees what the first did."""
    session.scalars(select(Review).where(Review.id == media.review_id).with_for_update(of=Review)).one()
    session.refresh(media, with_for_update=True)


def _count_anew(session: Session, media: Media) -> None:
    session.flush()
    review = session.get_one(Review, media.review_id, populate_existing=True)
    session.refresh(review, ["media"])
    if review.has_media == review.has_shown_media:
        return
    is_counted = review.state is ReviewState.PUBLISHED
    if is_counted:
        count_out(session, review)
    review.has_media = review.has_shown_media
    if is_counted:
        count_in(session, review)
