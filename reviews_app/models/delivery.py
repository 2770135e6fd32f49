"""One thing that must reach Kustomer, and each try of it."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.destination import Destination
from reviews_app.models.review import Review

# Tries go on for a week.
DEADLINE = timedelta(days=7)
EVENTS = uuid5(NAMESPACE_URL, "reviews-app/kustomer/events")


class DeliveryKind(StrEnum):
    """Why it is sent."""

    LEFT = "left"
    TEST = "test"


class DeliveryState(StrEnum):
    """Where it stands; the words of the state machine."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    HELD = "held"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Trigger(StrEnum):
    """What started a try."""

    AUTO = "auto"
    MANUAL = "manual"
    BULK = "bulk"
    CANARY = "canary"
    TEST = "test"


def event_id(destination_id: UUID, subject_id: UUID, kind: DeliveryKind) -> UUID:
    """The same id on every retry, replay and rebuilt row: UUIDv5 of destination, review and kind."""
    return uuid5(EVENTS, f"{destination_id}/{subject_id}/{kind}")


class Delivery(StoreOwned, Base):
    """A row that is true whatever the queue has forgotten; its id is the event's id.

    `body` is frozen at the first claim, so that every try sends the same bytes.
    `subject_id` is the review's id, or a fresh one for a test.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("destination_id", "subject_id", "kind"),
        Index("ix_delivery_due", "state", "next_at"),
        Index("ix_delivery_destination", "destination_id", "state", "next_at", "created_at"),
        Index("ix_delivery_store", "store_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    destination_id: Mapped[UUID] = mapped_column(ForeignKey("destination.id"))
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("review.id"), index=True)
    subject_id: Mapped[UUID]
    kind: Mapped[DeliveryKind] = mapped_column(Word(DeliveryKind))
    trigger: Mapped[Trigger] = mapped_column(Word(Trigger), default=Trigger.AUTO)
    test_email: Mapped[str] = mapped_column(default="")
    body: Mapped[bytes | None]
    body_hash: Mapped[str] = mapped_column(default="")
    is_reduced: Mapped[bool] = mapped_column(default=False)
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState), default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    scheduled_tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    enqueued_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[UUID | None]
    deadline_at: Mapped[datetime]
    last_class: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    destination: Mapped[Destination] = relationship()
    review: Mapped[Review | None] = relationship()


class Attempt(Identified, StoreOwned, Base):
    """One try: written before the POST, finished after it."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("delivery_id", "n"),)

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"))
    n: Mapped[int]
    trigger: Mapped[Trigger] = mapped_column(Word(Trigger))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(default="")
    answer_head: Mapped[str] = mapped_column(default="")
