"""Addresses a store may not ask for reviews."""

import hashlib
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.lib.email_address import mailbox_key
from reviews_app.models.base import Base, Identified, StoreOwned

ERASED_PREFIX = "erased-"


class SuppressionReason(StrEnum):
    """Why nothing that asks goes to an address; the person alone takes back what the person said."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


class Suppression(Identified, StoreOwned, Base):
    """One reason for one address of one store: the mailbox as compared, or after an erasure only its hash.

    `until` is set where the reason passes by itself, as a full mailbox does.
    """

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("store_id", "email_key", "reason"),)

    email_key: Mapped[str]
    reason: Mapped[SuppressionReason] = mapped_column(Word(SuppressionReason))
    detail: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    until: Mapped[datetime | None]


def erased_key(store_id: UUID, address: str) -> str:
    """What is kept of an erased address: enough to know it again, too little to write to it."""
    told = f"{store_id}:{mailbox_key(address)}".encode("utf-8", "surrogatepass")
    return ERASED_PREFIX + hashlib.sha256(told).hexdigest()
