"""A store's deliveries, and the tries of one."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.page_by_key import older

PAGE = 25


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """25 deliveries and the id to go on after."""

    rows: list[Delivery]
    next_after: UUID | None


def delivery_page(session: Session, store: Store, *, state: DeliveryState | None, after: str) -> DeliveryPage:
    """The newest first."""
    mine = select(Delivery).where(Delivery.store_id == store.id)
    if state is not None:
        mine = mine.where(Delivery.state == state)
    last = _last(session, store, after)
    if last is not None:
        mine = mine.where(older(Delivery.created_at, Delivery.id, than=(last.created_at, last.id)))
    mine = mine.options(joinedload(Delivery.review).joinedload(Review.product))
    rows = session.scalars(mine.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(PAGE + 1)).all()
    return DeliveryPage(list(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


def find_delivery(session: Session, store: Store, delivery_id: UUID) -> Delivery:
    """One delivery of a store; raises NotFound, another store's counts as absent."""
    found = session.scalar(select(Delivery).where(Delivery.store_id == store.id, Delivery.id == delivery_id))
    if found is None:
        raise NotFound
    return found


def attempts_of(session: Session, delivery: Delivery) -> list[Attempt]:
    """Its tries, the newest first."""
    return list(session.scalars(select(Attempt).where(Attempt.delivery_id == delivery.id).order_by(Attempt.n.desc())))


def _last(session: Session, store: Store, after: str) -> Delivery | None:
    try:
        return find_delivery(session, store, UUID(after))
    except (ValueError, NotFound):
        return None
