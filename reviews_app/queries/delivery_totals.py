"""Deliveries of all stores, counted for the operator."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import QueryableAttribute, Session

from reviews_app.models.clock_beat import ClockBeat
from reviews_app.models.delivery import Delivery, DeliveryKind, DeliveryState
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.review import Review

# The line of the clock table without which nothing is retried.
SWEEP = "sweep deliveries"
UNDER_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class DeliveryTotals:
    """How much stands where over all stores; ages in seconds."""

    deliveries: dict[str, int]
    destinations: dict[str, int]
    mails: dict[str, int]
    held_by_reason: dict[str, int]
    oldest_waiting: float
    sweep_age: float | None
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
        held_by_reason=_held_by_reason(session),
        sweep_age=sweep_age(session, now=now),
        oldest_waiting=(now - oldest).total_seconds() if oldest is not None else 0.0,
        lost=session.scalar(lost) or 0,
    )


def sweep_age(session: Session, *, now: datetime) -> float | None:
    """Seconds since the last sweep; None when there was none yet, and while the tables are older than this code."""
    at = session.scalar(select(ClockBeat.at).where(ClockBeat.name == SWEEP))
    return max((now - at).total_seconds(), 0.0) if at is not None else None


def _held_by_reason(session: Session) -> dict[str, int]:
    """What is held, by why: a reason only a person can put right, `paused` or `off`."""
    rows = session.execute(
        select(Destination.mode, Destination.reason, func.count())
        .join(Delivery, Delivery.destination_id == Destination.id)
        .where(Delivery.state == DeliveryState.HELD)
        .group_by(Destination.mode, Destination.reason)
    ).all()
    counts = {str(word): 0 for word in (*AttentionReason, Mode.PAUSED, Mode.OFF)}
    for mode, reason, count in rows:
        why = str(reason) if mode is Mode.NEEDS_ATTENTION else str(mode)
        counts[why] = counts.get(why, 0) + count
    return counts


def _counts(session: Session, column: QueryableAttribute[Any], words: type[StrEnum]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).group_by(column)).all()
    return {str(word): 0 for word in words} | {str(word): count for word, count in rows}
