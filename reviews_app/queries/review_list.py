"""Published reviews of a product, paged by key: the order's value and the id, never by offset."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.product import Product
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.store import Store
from reviews_app.queries.page_by_key import read_key, write_key
from reviews_app.queries.shown_media import ShownMedia, failed, in_work, shown_media

PAGE = 10
STARS = range(1, 6)


class Order(StrEnum):
    """In which order reviews stand."""

    NEWEST = "newest"
    HIGHEST = "highest"
    LOWEST = "lowest"


@dataclass(frozen=True, slots=True)
class ShownReply:
    """The merchant's answer."""

    store_name: str
    body: str


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review as anybody may see it: no full name, no address."""

    anchor: str
    product_title: str
    rating: int
    title: str
    body: str
    language_code: str
    display_name: str
    is_verified: bool
    created_at: datetime
    variant_name: str | None
    attributes: tuple[tuple[str, str], ...]
    media: tuple[ShownMedia, ...]
    in_work: int
    failed: tuple[tuple[str, MediaTrouble | None], ...]
    reply: ShownReply | None
    edited_at: datetime | None = None
    is_incentivised: bool = False


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page, and the key of the next one or None at the end."""

    reviews: tuple[ShownReview, ...]
    next_key: str | None


def review_page(
    session: Session, store: Store, product: Product, *, order: Order, stars: int | None, after: str = ""
) -> ReviewPage:
    """Ten reviews after a key; an unreadable key begins at the start. Five statements whatever their number."""
    query = _with_parts(select(Review)).where(
        Review.product_id == product.id, Review.store_id == store.id, Review.state == ReviewState.PUBLISHED
    )
    if stars is not None:
        query = query.where(Review.rating == stars)
    key = _read_key(after)
    if key is not None:
        query = query.where(_beyond(order, *key))
    rows = session.scalars(query.order_by(*_columns(order)).limit(PAGE + 1)).all()
    shown = tuple(shown_review(row, store) for row in rows[:PAGE])
    return ReviewPage(shown, _key(rows[PAGE - 1]) if len(rows) > PAGE else None)


def shown_review(row: Review, store: Store) -> ShownReview:
    """A row as anybody may see it."""
    return ShownReview(
        anchor=row.id.hex,
        product_title=row.product.title,
        rating=row.rating,
        title=row.title,
        body=row.body,
        language_code=row.language_code,
        display_name=row.display_name,
        is_verified=row.is_verified,
        created_at=row.created_at,
        variant_name=row.variant.name if row.variant else None,
        attributes=tuple((answer.title, answer.shown) for answer in row.answers),
        media=shown_media(row),
        in_work=in_work(row),
        failed=failed(row),
        reply=ShownReply(store.name, row.reply.body) if row.reply else None,
        edited_at=row.edited_at,
        is_incentivised=row.reward is not None,
    )


def _with_parts(query: Select[Review]) -> Select[Review]:
    return query.options(
        joinedload(Review.variant),
        joinedload(Review.reply),
        joinedload(Review.reward),
        selectinload(Review.answers),
        selectinload(Review.media),
    )


def _columns(order: Order) -> tuple[ColumnElement[Any], ...]:
    newest = (Review.created_at.desc(), Review.id.desc())
    if order is Order.HIGHEST:
        return (Review.rating.desc(), *newest)
    if order is Order.LOWEST:
        return (Review.rating.asc(), *newest)
    return newest


def _beyond(order: Order, rating: int, at: datetime, review_id: UUID) -> ColumnElement[bool]:
    older = or_(Review.created_at < at, and_(Review.created_at == at, Review.id < review_id))
    if order is Order.NEWEST:
        return older
    further = Review.rating < rating if order is Order.HIGHEST else Review.rating > rating
    return or_(further, and_(Review.rating == rating, older))


def _key(row: Review) -> str:
    return write_key(row.rating, row.created_at, row.id)


def _read_key(key: str) -> tuple[int, datetime, UUID] | None:
    parts = read_key(key, int, datetime, UUID)
    # A number no database column holds would be an error there, not a key nobody can read.
    return (parts[0], parts[1], parts[2]) if parts and parts[0] in STARS else None
