"""Loads a picture or video of one store's reviews, and what was decided about it."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from reviews_app.models.media import Media
from reviews_app.models.media_hiding import MediaHiding
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound


def find_media(session: Session, store: Store, media_id: UUID) -> Media:
    """The one of that id, if a review holds it; raises NotFound, another store's counts as absent."""
    held = select(Media).where(Media.store_id == store.id, Media.id == media_id, Media.review_id.is_not(None))
    media = session.scalar(held)
    if media is None:
        raise NotFound
    return media


def hidings_of(session: Session, store: Store, review: Review) -> dict[UUID, list[MediaHiding]]:
    """Each time a picture of a review was hidden, by picture, the newest first."""
    rows = (
        select(MediaHiding)
        .join(Media, Media.id == MediaHiding.media_id)
        .where(MediaHiding.store_id == store.id, Media.review_id == review.id)
        .options(joinedload(MediaHiding.hider), joinedload(MediaHiding.shower))
        .order_by(MediaHiding.hidden_at.desc(), MediaHiding.id.desc())
    )
    found: dict[UUID, list[MediaHiding]] = defaultdict(list)
    for row in session.scalars(rows):
        found[row.media_id].append(row)
    return found
