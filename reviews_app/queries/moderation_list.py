"""A store's reviews by state, paged by key."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from reviews_app.models.review import Review, ReviewState
from reviews_app.models.store import Store
from reviews_app.queries.page_by_key import newer, older

PAGE = 25


@dataclass(frozen=True, slots=True)
class ModerationPage:
    """Rows, how many stand in each state, and the id to go on after."""

    rows: list[Review]
    counts: dict[ReviewState, int]
    next_after: UUID | None


def moderation_page(session: Session, store: Store, *, state: ReviewState, after: str) -> ModerationPage:
    """25 reviews: waiting ones the oldest first, the rest the newest first."""
    mine = select(Review).where(Review.store_id == store.id, Review.state == state)
    last = _last(session, store, after)
    oldest_first = state is ReviewState.PENDING
    if last is not None:
        follows = newer if oldest_first else older
        mine = mine.where(follows(Review.created_at, Review.id, than=(last.created_at, last.id)))
    keys = (Review.created_at, Review.id)
    order = keys if oldest_first else tuple(key.desc() for key in keys)
    rows = session.scalars(mine.options(joinedload(Review.product)).order_by(*order).limit(PAGE + 1)).all()
    counted = session.execute(
        select(Review.state, func.count()).where(Review.store_id == store.id).group_by(Review.state)
    ).all()
    return ModerationPage(
        rows=list(rows[:PAGE]),
        counts={row.state: row[1] for row in counted},
        next_after=rows[PAGE - 1].id if len(rows) > PAGE else None,
    )


def last_review_came(session: Session, store: Store) -> datetime | None:
    """When the newest review of the store was left."""
    return session.scalar(select(func.max(Review.created_at)).where(Review.store_id == store.id))


def _last(session: Session, store: Store, after: str) -> Review | None:
    try:
        return session.scalar(select(Review).where(Review.store_id == store.id, Review.id == UUID(after)))
    except ValueError:
        return None
