"""What a review was promised, and what became of it."""

import hashlib
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.coupon import Coupon
from reviews_app.models.outgoing_mail import OutgoingMail


class RewardState(StrEnum):
    """Where it stands."""

    UNCONFIRMED = "unconfirmed"
    UNPUBLISHED = "unpublished"
    OWED = "owed"
    SENT = "sent"
    GIVEN_BEFORE = "given_before"
    CANCELLED = "cancelled"


ORDER = "order:"
OPEN = frozenset({RewardState.UNCONFIRMED, RewardState.UNPUBLISHED, RewardState.OWED})


class Reward(Identified, StoreOwned, Base):
    """The promise made for one review: it carries the mark, whatever became of the code.

    `occasion` is the person and order it was given for: the constraint lets one through. `is_proven` means that the
    address is the author's, by a link mailed to it or by their word.
    """

    __tablename__ = "reward"
    __table_args__ = (
        UniqueConstraint("store_id", "occasion"),
        Index("ix_reward_store_newest", "store_id", "created_at", "id"),
        Index("ix_reward_state", "state", "coupon_id", "created_at"),
    )

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), unique=True)
    terms_id: Mapped[UUID] = mapped_column(ForeignKey("reward_terms.id"))
    coupon_id: Mapped[UUID] = mapped_column(ForeignKey("coupon.id"))
    state: Mapped[RewardState] = mapped_column(Word(RewardState))
    is_proven: Mapped[bool]
    language_code: Mapped[str]
    occasion: Mapped[str | None]
    code_id: Mapped[UUID | None] = mapped_column(ForeignKey("coupon_code.id"), unique=True)
    mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("outgoing_mail.id"))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    coupon: Mapped[Coupon] = relationship()
    mail: Mapped[OutgoingMail | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether a code may still come of it."""
        return self.state in OPEN

    @property
    def is_earned(self) -> bool:
        """Whether it counts as an offer the review qualifies for."""
        return self.state not in {RewardState.GIVEN_BEFORE, RewardState.CANCELLED}

    def cancel(self, now: datetime) -> None:
        """No code comes of it any more; one that was given stays given, and its occasion spent."""
        if not self.is_open:
            return
        self.state = RewardState.CANCELLED
        self.occasion = None
        self.settled_at = now

    def forget(self, now: datetime) -> None:
        """The person was erased: nothing more is given, and what told them apart goes."""
        self.cancel(now)
        if self.occasion is not None and not self.occasion.startswith(ORDER):
            self.occasion = f"erased:{self.id.hex}"


def occasion_of_order(order_id: UUID) -> str:
    """One order has one buyer, so it names the person too."""
    return f"{ORDER}{order_id.hex}"


def occasion_of_person(store_id: UUID, email_key: str) -> str:
    """Somebody without an order: enough to know them again, too little to write to them."""
    return "person:" + hashlib.sha256(f"{store_id}:{email_key}".encode("utf-8", "surrogatepass")).hexdigest()
