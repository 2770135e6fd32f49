"""How a shop's machine calls us: its secret, and what it sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.lib.sealed import Sealed
from reviews_app.models.base import Base, Identified, StoreOwned


class CallbackSource(StrEnum):
    """Who calls, and so how it signs."""

    OWN = "own"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"


class CallbackOutcome(StrEnum):
    """What became of an event."""

    TAKEN = "taken"
    WAITS = "waits"
    NOTHING_NEW = "nothing_new"
    IGNORED = "ignored"
    REFUSED = "refused"


class CallbackSecret(Identified, StoreOwned, Base):
    """The secret a source signs with; the one before it still works until `previous_until`."""

    __tablename__ = "callback_secret"
    __table_args__ = (UniqueConstraint("store_id", "source"),)

    source: Mapped[CallbackSource] = mapped_column(Word(CallbackSource))
    secret: Mapped[Sealed]
    previous: Mapped[Sealed | None]
    previous_until: Mapped[datetime | None]
    saved_at: Mapped[datetime]


class CallbackEvent(Identified, StoreOwned, Base):
    """One event that came rightly signed; neither its body nor its buyer is kept here."""

    __tablename__ = "callback_event"
    __table_args__ = (
        UniqueConstraint("store_id", "source", "event_key"),
        Index("ix_callback_event_received", "store_id", "received_at"),
    )

    source: Mapped[CallbackSource] = mapped_column(Word(CallbackSource))
    event_key: Mapped[str]
    topic: Mapped[str]
    outcome: Mapped[CallbackOutcome] = mapped_column(Word(CallbackOutcome))
    detail: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    times: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
