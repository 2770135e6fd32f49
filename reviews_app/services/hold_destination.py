"""Stops and starts a destination: nothing is dropped, everything waits."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.delivery import DEADLINE, Delivery, DeliveryKind, DeliveryState, Trigger
from reviews_app.models.destination import AttentionReason, Destination, Mode

# A job goes on with its destination's due rows by itself, and the sweep rings for the rest.
RINGS_AT_ONCE = 2


def needs_attention(
    session: Session, destination: Destination, reason: AttentionReason, *, detail: str, now: datetime
) -> None:
    """Only a person can put this right: hold everything and say why; the notice goes out with the next sweep."""
    if destination.mode is not Mode.NEEDS_ATTENTION:
        destination.noticed_at = None
        destination.is_heal_untold = False
        destination.healed_at = None
        destination.failing_since = now
    destination.mode = Mode.NEEDS_ATTENTION
    destination.reason = reason
    destination.reason_detail = detail
    destination.throttled_until = None
    hold_all(session, destination)


def hold_all(session: Session, destination: Destination) -> None:
    """Every waiting review of the destination waits for a person now; one that arrived before stays delivered.

    A canary on its way to a destination that needs attention is left alone: it is the way back.
    """
    which = [Delivery.state == DeliveryState.WAITING, Delivery.kind == DeliveryKind.LEFT]
    if destination.mode is Mode.NEEDS_ATTENTION:
        which.append(Delivery.trigger != Trigger.CANARY)
    again = Delivery.delivered_at.is_not(None)
    _move(session, destination, (*which, again), state=DeliveryState.DELIVERED, trigger=Trigger.AUTO)
    _move(session, destination, (*which, ~again), state=DeliveryState.HELD, trigger=Trigger.AUTO)


def pause(session: Session, destination: Destination) -> None:
    """The merchant wants nothing sent for a while."""
    _lock(session, destination)
    destination.mode = Mode.PAUSED
    hold_all(session, destination)


def switch_off(session: Session, destination: Destination, *, now: datetime) -> None:
    """New reviews are no longer due; what was due is held, in case it is switched on again."""
    _lock(session, destination)
    if destination.mode is not Mode.OFF:
        destination.off_since = destination.off_since or now
    destination.mode = Mode.OFF
    hold_all(session, destination)


def heal_destination(session: Session, destination: Destination, *, now: datetime) -> None:
    """A new key, address or resume: the oldest held delivery goes first as canary; with none held it is active.

    A destination that only paused or was off is active at once and drains.
    """
    _lock(session, destination)
    if destination.mode is not Mode.NEEDS_ATTENTION or not send_canary(session, destination, now=now):
        activate(session, destination, now=now)


def send_canary(session: Session, destination: Destination, *, now: datetime) -> bool:
    """Make the oldest held delivery due by itself; false when none is held.

    A canary that still waits is the one to send: a second beside it would try the same luck twice.
    """
    _lock(session, destination)
    still_waits = and_(Delivery.state == DeliveryState.WAITING, Delivery.trigger == Trigger.CANARY)
    oldest = session.scalar(
        select(Delivery)
        .where(Delivery.destination_id == destination.id, or_(still_waits, Delivery.state == DeliveryState.HELD))
        .order_by(case((still_waits, 0), else_=1), Delivery.created_at, Delivery.id)
        .limit(1)
    )
    if oldest is None:
        return False
    oldest.state = DeliveryState.WAITING
    oldest.trigger = Trigger.CANARY
    oldest.next_at = now
    oldest.enqueued_at = now
    # A merchant waits for it, and thousands of bells of the held ones may still be in the queue.
    ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, oldest.id, is_urgent=True)
    return True


def activate(session: Session, destination: Destination, *, now: datetime) -> None:
    """It takes reviews again: everything held or put off becomes due, at a set pace."""
    if destination.mode is Mode.NEEDS_ATTENTION and destination.noticed_at is not None:
        destination.is_heal_untold = True
    if destination.mode is Mode.NEEDS_ATTENTION:
        destination.healed_at = now
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
    """Held ones get a fresh week: the time they were held is not theirs. The claims keep the pace."""
    held = (Delivery.state == DeliveryState.HELD,)
    _move(session, destination, held, state=DeliveryState.WAITING, next_at=now, deadline_at=now + DEADLINE)
    waiting = (Delivery.state == DeliveryState.WAITING,)
    _move(session, destination, waiting, next_at=now, enqueued_at=now)
    _move(session, destination, (*waiting, Delivery.trigger == Trigger.CANARY), trigger=Trigger.AUTO)
    ids = select(Delivery.id).where(Delivery.destination_id == destination.id, *waiting)
    for delivery_id in session.scalars(ids.order_by(Delivery.created_at, Delivery.id).limit(RINGS_AT_ONCE)).all():
        ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, delivery_id)


def _lock(session: Session, destination: Destination) -> None:
    """Against a worker that records a result for it at this moment. What the caller changed is kept."""
    session.flush()
    session.refresh(destination, with_for_update=True)


def _move(session: Session, destination: Destination, which: tuple[ColumnElement[bool], ...], **values: object) -> None:
    session.flush()
    session.execute(
        update(Delivery)
        .where(Delivery.destination_id == destination.id, *which)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
