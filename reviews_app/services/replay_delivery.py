"""Sends a delivery again because the merchant asked."""

from datetime import datetime

from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.clock import Clock
from reviews_app.models.delivery import DEADLINE, Delivery, DeliveryState, Trigger


class DeliveryBusy(Exception):
    """It is being sent at this moment, or was cancelled."""


def replay_delivery(session: Session, delivery: Delivery, *, clock: Clock) -> None:
    """Make it due now with a fresh week of tries and the same bytes. Raises DeliveryBusy.

    One that arrived before gets one more try and stays delivered, whatever comes of it.
    """
    session.refresh(delivery, with_for_update={"of": Delivery})
    if delivery.state in {DeliveryState.SENDING, DeliveryState.CANCELLED}:
        raise DeliveryBusy
    make_due_again(delivery, trigger=Trigger.MANUAL, now=clock())
    session.flush()
    ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, delivery.id)


def make_due_again(delivery: Delivery, *, trigger: Trigger, now: datetime) -> None:
    """Due now, with a fresh week of tries."""
    delivery.state = DeliveryState.WAITING
    delivery.trigger = trigger
    delivery.scheduled_tries = 0
    delivery.next_at = now
    delivery.enqueued_at = now
    delivery.deadline_at = now + DEADLINE
