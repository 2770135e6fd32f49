"""A store's Kustomer integration and its last test."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.delivery import Attempt, Delivery, DeliveryKind
from reviews_app.models.destination import Destination
from reviews_app.models.store import Store


@dataclass(frozen=True, slots=True)
class LastTest:
    """What Kustomer answered to the newest test since key or address were saved; `status` is None without an answer."""

    status: int | None
    cause: str
    at: datetime
    arrived: bool


def find_destination(session: Session, store: Store) -> Destination | None:
    """The store's integration, or None before it was ever saved."""
    return session.scalar(select(Destination).where(Destination.store_id == store.id))


def last_test(session: Session, destination: Destination) -> LastTest | None:
    """The newest finished try of a test; None while this key and address are untried."""
    tries = (
        select(Attempt)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .where(
            Delivery.destination_id == destination.id,
            Delivery.kind == DeliveryKind.TEST,
            Attempt.finished_at.is_not(None),
        )
    )
    if destination.saved_at is not None:
        tries = tries.where(Attempt.started_at >= destination.saved_at)
    row = session.scalar(tries.order_by(Attempt.started_at.desc()).limit(1))
    if row is None or row.finished_at is None:
        return None
    return LastTest(row.status, row.cause, row.finished_at, row.outcome == "delivered")
