"""Sends a delivery again because the merchant asked."""

from datetime import datetime

from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.clock import Clock
from reviews_app.models.delivery import DEADLINE, Delivery, DeliveryKind, DeliveryState, Trigger
from reviews_app.models.destination import HOLDING


class DeliveryBusy(Exception):
    """It is being sent at this moment, or was cancelled."""


class SendingHeld(Exception):
    """Kustomer has it, and nothing goes now: it would be one more try that never comes."""


def replay_delivery(session: Session, delivery: Delivery, *, clock: Clock) -> DeliveryState:
    """Make it due now with a fresh week of tries and the same bytes; gives its state. Raises DeliveryBusy, SendingHeld.

    One that arrived before gets one more try and stays delivered, whatever comes of it. While its destination holds,
    one that did not arrive is held with the others; a test goes all the same.
    """
    # In the order of whoever claims or resumes: a row held here after a resume would wait for the next one.
    session.refresh(delivery.destination, with_for_update=True)
    session.refresh(delivery, with_for_update={"of": Delivery})
    if delivery.state in {DeliveryState.SENDING, DeliveryState.CANCELLED}:
        raise DeliveryBusy
    waits = delivery.kind is DeliveryKind.LEFT and delivery.destination.mode in HOLDING
    if waits and delivery.delivered_at is not None:
        raise SendingHeld
    make_due_again(delivery, trigger=Trigger.MANUAL, now=clock())
    if waits:
        delivery.state, delivery.trigger = DeliveryState.HELD, Trigger.AUTO
    session.flush()
    if not waits:
        ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, delivery.id)
    return delivery.state


def make_due_again(delivery: Delivery, *, trigger: Trigger, now: datetime) -> None:
    """Due now, with a fresh week of tries."""
    delivery.state = DeliveryState.WAITING
    delivery.trigger = trigger
    delivery.scheduled_tries = 0
    delivery.next_at = now
    delivery.enqueued_at = now
    delivery.deadline_at = now + DEADLINE
