"""Finds what is due though no bell rang, and takes back what a dead worker held."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.clock import database_now
from reviews_app.db.job_names import JobName
from reviews_app.integrations.kustomer.classify import WORDS, Outcome
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.services.hold_destination import send_canary

RING_AGAIN = timedelta(seconds=30)
MOST = 1000
# A job goes on with its destination's due rows by itself, so a few rings for each are enough.
RINGS_PER_DESTINATION = 2


def sweep_deliveries(session: Session, *, now: datetime, unit: float = 1.0) -> int:
    """Take back expired leases and ring for due rows; gives how many rings. `unit` is DELIVERY_TIME_UNIT.

    Two sweeps may run at once, and no row is waited for: one that is locked is in somebody's hands already.
    """
    _take_back(session, now=now)
    _make_probes_due(session, now=now)
    session.flush()
    rung = 0
    for destination_id in session.scalars(_destinations_with_due(now, unit)).all():
        for row in session.scalars(_due(now, unit).where(Delivery.destination_id == destination_id)).all():
            row.enqueued_at = now
            ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, row.id)
            rung += 1
    return rung


def send_canaries(session: Session, *, now: datetime) -> int:
    """Once an hour: the oldest held delivery of each destination that needs attention tries its luck."""
    waiting = session.scalars(select(Destination).where(Destination.mode == Mode.NEEDS_ATTENTION)).all()
    return sum(send_canary(session, destination, now=now) for destination in waiting)


def _take_back(session: Session, *, now: datetime) -> None:
    lost = select(Delivery).where(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < database_now(session))
    for row in session.scalars(lost.limit(MOST).with_for_update(skip_locked=True, of=Delivery)).all():
        attempt = session.scalar(select(Attempt).where(Attempt.delivery_id == row.id, Attempt.n == row.tries))
        if attempt is not None and attempt.finished_at is None:
            attempt.finished_at = now
            attempt.outcome = str(Outcome.UNKNOWN)
            attempt.cause = WORDS[Outcome.UNKNOWN]
        # One that takes its worker down with it each time would otherwise come back for ever.
        row.state = DeliveryState.WAITING if now <= row.deadline_at else DeliveryState.FAILED
        row.last_class = str(Outcome.UNKNOWN)
        row.lease_token = None
        row.lease_until = None
        row.next_at = now
        row.enqueued_at = now - RING_AGAIN


def _make_probes_due(session: Session, *, now: datetime) -> None:
    """While all fail each row waits for its own schedule, up to two hours; the probe takes the earliest before that."""
    failing = select(Destination).where(Destination.mode == Mode.THROTTLED, Destination.probe_at <= now)
    for destination in session.scalars(failing.with_for_update(skip_locked=True)).all():
        earliest = session.scalar(
            select(Delivery)
            .where(Delivery.destination_id == destination.id, Delivery.state == DeliveryState.WAITING)
            .order_by(Delivery.next_at, Delivery.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=Delivery)
        )
        if earliest is not None and earliest.next_at > now:
            earliest.next_at = now


def _destinations_with_due(now: datetime, unit: float) -> Select[UUID]:
    return select(Delivery.destination_id).where(*_is_due(now, unit)).distinct()


def _due(now: datetime, unit: float) -> Select[Delivery]:
    due = select(Delivery).where(*_is_due(now, unit)).order_by(Delivery.next_at, Delivery.id)
    return due.limit(RINGS_PER_DESTINATION).with_for_update(skip_locked=True, of=Delivery)


def _is_due(now: datetime, unit: float) -> tuple[ColumnElement[bool], ...]:
    return (
        Delivery.state == DeliveryState.WAITING,
        Delivery.next_at <= now,
        or_(Delivery.enqueued_at <= now - RING_AGAIN * unit, Delivery.enqueued_at < Delivery.next_at),
    )
