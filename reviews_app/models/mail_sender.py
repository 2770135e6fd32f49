"""Who a store's mails come from, whether one has arrived, and what the domain's DNS says of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base, Identified, StoreOwned


class RecordState(StrEnum):
    """How one DNS record stands."""

    RIGHT = "right"
    MISSING = "missing"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class MailSender(Identified, StoreOwned, Base):
    """One a store. `address` empty: mails come from MAIL_FROM.

    Requests go out by themselves only once `confirmed_at` says that a test mail was received.
    `records` is the last look at the domain: by name its state and what was found.
    """

    __tablename__ = "mail_sender"
    __table_args__ = (UniqueConstraint("store_id"),)

    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    test_token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    test_mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("outgoing_mail.id"))
    tested_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    records: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    check_asked_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]

    @property
    def is_being_checked(self) -> bool:
        """Whether a look at the DNS was asked for and has not come back."""
        asked = self.check_asked_at
        return asked is not None and (self.checked_at is None or self.checked_at < asked)
