"""Deliveries of all stores, counted for the operator."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import QueryableAttribute, Session

from reviews_app.models.delivery import Delivery, DeliveryKind, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.review import Review

UNDER_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class DeliveryTotals:
    """How much stands where over all stores; ages in seconds."""

    deliveries: dict[str, int]
    destinations: dict[str, int]
    mails: dict[str, int]
    oldest_waiting: float
    lost: int


def delivery_totals(session: Session, *, now: datetime) -> DeliveryTotals:
    """Count everything that leaves the building, whichever store it belongs to."""
    oldest = session.scalar(select(func.min(Delivery.created_at)).where(Delivery.state.in_(UNDER_WAY)))
    row = exists().where(Delivery.review_id == Review.id, Delivery.kind == DeliveryKind.LEFT)
    lost = select(func.count()).select_from(Review).where(Review.kustomer_due, ~row)
    return DeliveryTotals(
        deliveries=_counts(session, Delivery.state, DeliveryState),
        destinations=_counts(session, Destination.mode, Mode),
        mails=_counts(session, OutgoingMail.state, MailState),
        oldest_waiting=(now - oldest).total_seconds() if oldest is not None else 0.0,
        lost=session.scalar(lost) or 0,
    )


def _counts(session: Session, column: QueryableAttribute[Any], words: type[StrEnum]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).group_by(column)).all()
    return {str(word): 0 for word in words} | {str(word): count for word, count in rows}
