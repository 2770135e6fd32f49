"""Writes the row that makes a review due to Kustomer, in the review's own transaction."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.delivery import DEADLINE, Delivery, DeliveryKind, DeliveryState, Trigger, event_id
from reviews_app.models.destination import HOLDING, Destination
from reviews_app.models.review import Review

OF_STORE = select(Destination).where(Destination.store_id == bindparam("store_id"))


def plan_delivery(session: Session, review: Review, *, now: datetime) -> Delivery | None:
    """Make a new review due to its store's Kustomer; None while the integration is off."""
    destination = session.scalar(OF_STORE, {"store_id": review.store_id})
    if destination is None or not destination.takes_new_reviews:
        return None
    review.kustomer_due = True
    return add_delivery(session, review, destination=destination, trigger=Trigger.AUTO, now=now)


def add_delivery(
    session: Session, review: Review, *, destination: Destination, trigger: Trigger, now: datetime
) -> Delivery:
    """The delivery row of a review, and the bell for it unless the destination holds."""
    row = add_row(session, review, destination=destination, trigger=trigger, now=now)
    if row.state is DeliveryState.WAITING:
        ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, row.id)
    return row


def add_row(session: Session, review: Review, *, destination: Destination, trigger: Trigger, now: datetime) -> Delivery:
    """The row alone, for many at once: the first one's job goes on with the rest."""
    row = Delivery(
        id=event_id(destination.id, review.id, DeliveryKind.LEFT),
        store_id=review.store_id,
        destination_id=destination.id,
        review_id=review.id,
        subject_id=review.id,
        kind=DeliveryKind.LEFT,
        trigger=trigger,
        state=DeliveryState.HELD if destination.mode in HOLDING else DeliveryState.WAITING,
        next_at=now,
        enqueued_at=now,
        created_at=now,
        deadline_at=now + DEADLINE,
    )
    session.add(row)
    return row
