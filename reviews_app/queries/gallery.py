"""Pictures and videos of all published reviews of a product, the newest review's first, paged by key."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from reviews_app.models.media import Media, MediaState
from reviews_app.models.product import Product
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.store import Store
from reviews_app.queries.page_by_key import older, read_key, write_key
from reviews_app.queries.shown_media import ShownMedia, as_shown

PAGE = 24
MOST_PLACES = 10_000


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """One of them, with what its review says in short."""

    media: ShownMedia
    rating: int
    title: str
    language_code: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """One page, and the key of the next one or None at the end."""

    items: tuple[GalleryItem, ...]
    next_key: str | None


def gallery_page(session: Session, store: Store, product: Product, *, after: str = "", size: int = PAGE) -> GalleryPage:
    """So many after a key; an unreadable key begins at the start. One statement whatever their number."""
    query = (
        select(Media, Review)
        .join(Review, Review.id == Media.review_id)
        .where(
            Review.product_id == product.id,
            Review.store_id == store.id,
            Review.state == ReviewState.PUBLISHED,
            Review.has_media.is_(True),
            Media.state == MediaState.READY,
            Media.is_hidden.is_(False),
        )
    )
    key = read_key(after, datetime, UUID, int, UUID)
    if key is not None and 0 <= key[2] <= MOST_PLACES:
        query = query.where(_beyond(*key))
    order = (Review.created_at.desc(), Review.id.desc(), Media.position, Media.id)
    rows = [(row[0], row[1]) for row in session.execute(query.order_by(*order).limit(size + 1))]
    shown = tuple(_item(media, review) for media, review in rows[:size])
    return GalleryPage(shown, _key(*rows[size - 1]) if len(rows) > size else None)


def _item(media: Media, review: Review) -> GalleryItem:
    shown = as_shown(media, review, number=media.position + 1)
    return GalleryItem(shown, review.rating, review.title, review.language_code, review.created_at)


def _beyond(at: datetime, review_id: UUID, position: int, media_id: UUID) -> ColumnElement[bool]:
    further = or_(Media.position > position, and_(Media.position == position, Media.id > media_id))
    return or_(
        older(Review.created_at, Review.id, than=(at, review_id)),
        and_(Review.created_at == at, Review.id == review_id, further),
    )


def _key(media: Media, review: Review) -> str:
    return write_key(review.created_at, review.id, media.position, media.id)
