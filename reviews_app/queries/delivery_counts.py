"""How a store's reviews fare on their way to Kustomer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from reviews_app.models.delivery import Delivery, DeliveryKind, DeliveryState
from reviews_app.models.review import Review

UNDER_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """Reviews by where they stand; `lost` must be 0. `oldest_waiting` is when the oldest under way became due."""

    left: int
    delivered: int
    waiting: int
    held: int
    failed: int
    cancelled: int
    lost: int
    oldest_waiting: datetime | None = None


def delivery_counts(session: Session, store_id: UUID) -> DeliveryCounts:
    """Count the reviews that are due to Kustomer; tests are not reviews."""
    rows = session.execute(
        select(Delivery.state, func.count(), func.min(Delivery.created_at))
        .where(Delivery.store_id == store_id, Delivery.kind == DeliveryKind.LEFT, Delivery.review_id.is_not(None))
        .group_by(Delivery.state)
    ).all()
    by_state = {row.state: row[1] for row in rows}
    row = exists().where(Delivery.review_id == Review.id, Delivery.kind == DeliveryKind.LEFT)
    due = select(func.count()).select_from(Review).where(Review.store_id == store_id, Review.kustomer_due)
    return DeliveryCounts(
        left=session.scalar(due) or 0,
        delivered=by_state.get(DeliveryState.DELIVERED, 0),
        waiting=by_state.get(DeliveryState.WAITING, 0) + by_state.get(DeliveryState.SENDING, 0),
        held=by_state.get(DeliveryState.HELD, 0),
        failed=by_state.get(DeliveryState.FAILED, 0),
        cancelled=by_state.get(DeliveryState.CANCELLED, 0),
        lost=session.scalar(due.where(~row)) or 0,
        oldest_waiting=min((row[2] for row in rows if row.state in UNDER_WAY), default=None),
    )
