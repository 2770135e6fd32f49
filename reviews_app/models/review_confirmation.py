"""The question to an order's address whether a review of the button is its owner's."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.order import Order
from reviews_app.models.review import Review


class Authorship(StrEnum):
    """What the address's owner said."""

    MINE = "mine"
    NOT_MINE = "not_mine"


class ConfirmationExpired(Exception):
    """The question's time is over."""


class ConfirmationAnswered(Exception):
    """The question was answered otherwise before."""


class ReviewConfirmation(Identified, StoreOwned, Base):
    """One question a review; only its token's hash is kept. Without an order a yes gives no badge."""

    __tablename__ = "review_confirmation"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), unique=True)
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("order.id"))
    mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("outgoing_mail.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    language_code: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answer: Mapped[Authorship | None] = mapped_column(Word(Authorship))
    answered_at: Mapped[datetime | None]
    review: Mapped[Review] = relationship()
    order: Mapped[Order | None] = relationship()

    def answer_with(self, answer: Authorship, now: datetime) -> bool:
        """Keep the answer; False when it was given before. Raises ConfirmationAnswered or ConfirmationExpired."""
        if self.answer is answer:
            return False
        if self.answer is not None:
            raise ConfirmationAnswered
        if now >= self.expires_at:
            raise ConfirmationExpired
        self.answer = answer
        self.answered_at = now
        return True
