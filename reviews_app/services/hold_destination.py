"""Stops and starts a destination: nothing is dropped, everything waits."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.delivery import Delivery, DeliveryState, Trigger
from reviews_app.models.destination import AttentionReason, Destination, Mode

# Kustomer takes 1,000 a minute on its smaller plan; half of that leaves room for the merchant's other hooks.
PACE_PER_SECOND = 8.0
RINGS_AT_ONCE = 4


def needs_attention(
    session: Session, destination: Destination, reason: AttentionReason, *, detail: str, now: datetime
) -> None:
    """Only a person can put this right: hold everything and say why; the notice goes out with the next sweep."""
    if destination.mode is not Mode.NEEDS_ATTENTION:
        destination.noticed_at = None
        destination.failing_since = now
    destination.mode = Mode.NEEDS_ATTENTION
    destination.reason = reason
    destination.reason_detail = detail
    destination.throttled_until = None
    hold_all(session, destination)


def hold_all(session: Session, destination: Destination) -> None:
    """Every waiting row of the destination waits for a person now."""
    _move(session, destination, DeliveryState.WAITING, {"state": DeliveryState.HELD, "trigger": Trigger.AUTO})


def pause(session: Session, destination: Destination) -> None:
    """The merchant wants nothing sent for a while."""
    destination.mode = Mode.PAUSED
    hold_all(session, destination)


def switch_off(session: Session, destination: Destination) -> None:
    """New reviews are no longer due; what was due is held, in case it is switched on again."""
    destination.mode = Mode.OFF
    hold_all(session, destination)


def heal_destination(session: Session, destination: Destination, *, now: datetime) -> None:
    """A new key, address or resume: the oldest held delivery goes first as canary; with none held it is active.

    A destination that only paused or was off is active at once and drains.
    """
    if destination.mode is not Mode.NEEDS_ATTENTION or not send_canary(session, destination, now=now):
        activate(session, destination, now=now)


def send_canary(session: Session, destination: Destination, *, now: datetime) -> bool:
    """Make the oldest held delivery due by itself; false when none is held."""
    oldest = session.scalar(
        select(Delivery)
        .where(Delivery.destination_id == destination.id, Delivery.state == DeliveryState.HELD)
        .order_by(Delivery.created_at, Delivery.id)
        .limit(1)
    )
    if oldest is None:
        return False
    oldest.state = DeliveryState.WAITING
    oldest.trigger = Trigger.CANARY
    oldest.next_at = now
    oldest.enqueued_at = now
    ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, oldest.id)
    return True


def activate(session: Session, destination: Destination, *, now: datetime) -> None:
    """It takes reviews again: everything held or put off becomes due, at a set pace."""
    destination.mode = Mode.ACTIVE
    destination.reason = None
    destination.reason_detail = ""
    destination.throttled_until = None
    destination.probe_at = None
    destination.failing_since = None
    destination.noticed_at = None
    destination.last_class = ""
    destination.same_class_count = 0
    session.flush()
    _make_due(session, destination, now=now)


def _make_due(session: Session, destination: Destination, *, now: datetime) -> None:
    ids = session.scalars(
        select(Delivery.id)
        .where(
            Delivery.destination_id == destination.id,
            Delivery.state.in_([DeliveryState.HELD, DeliveryState.WAITING]),
        )
        .order_by(Delivery.created_at, Delivery.id)
    ).all()
    for place, delivery_id in enumerate(ids):
        row = session.get_one(Delivery, delivery_id)
        row.state = DeliveryState.WAITING
        row.next_at = now + timedelta(seconds=int(place / PACE_PER_SECOND))
        row.enqueued_at = now
        if place < RINGS_AT_ONCE:
            ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, row.id)


def _move(session: Session, destination: Destination, state: DeliveryState, values: dict[str, object]) -> None:
    session.flush()
    session.execute(
        update(Delivery)
        .where(Delivery.destination_id == destination.id, Delivery.state == state)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
