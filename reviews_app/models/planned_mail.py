"""A mail that asks for reviews, planned for a moment, with what became of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import Order
from reviews_app.models.review_request import Asking, ReviewRequest


class PlannedState(StrEnum):
    """Where it stands; a mail that was sent has its `ReviewRequest`, and that its `OutgoingMail`."""

    PLANNED = "planned"
    SENT = "sent"
    NOT_SENT = "not_sent"


class PlannedMail(Identified, StoreOwned, Base):
    """One planned mail of an order. The constraint lets two schedulers plan, and so send, it once.

    `n` counts the reminders, and how often the buyer put a product off. `reason` says why it was not sent or, while
    it is planned, why it was put off. `due_first` is when it was due before that. `is_past`: the order left before the
    rule was switched on, and was chosen by a look back.
    """

    __tablename__ = "planned_mail"
    __table_args__ = (
        UniqueConstraint("order_id", "kind", "n"),
        UniqueConstraint("request_id"),
        Index("ix_planned_mail_due", "state", "due_at"),
        Index("ix_planned_mail_list", "store_id", "state", "due_at", "id"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("order.id"))
    kind: Mapped[Asking] = mapped_column(Word(Asking))
    n: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    due_first: Mapped[datetime]
    state: Mapped[PlannedState] = mapped_column(Word(PlannedState), default=PlannedState.PLANNED)
    reason: Mapped[NotSent | None] = mapped_column(Word(NotSent))
    is_past: Mapped[bool] = mapped_column(default=False)
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("review_request.id"))
    planned_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    order: Mapped[Order] = relationship()
    request: Mapped[ReviewRequest | None] = relationship()

    def planned_for(self, due_at: datetime) -> None:
        """It goes at that moment, whatever stood in its way before."""
        self.state, self.reason, self.settled_at = PlannedState.PLANNED, None, None
        self.due_at = self.due_first = due_at

    def sent(self, request: ReviewRequest, now: datetime) -> None:
        """Its mail is a row now."""
        self.state, self.reason = PlannedState.SENT, None
        self.request_id, self.settled_at = request.id, now

    def not_sent(self, reason: NotSent, now: datetime) -> None:
        """It does not go, and why."""
        self.state, self.reason, self.settled_at = PlannedState.NOT_SENT, reason, now

    def once_more(self, now: datetime) -> None:
        """Its mail was held back because the order changed: another is written at once."""
        self.state, self.reason, self.settled_at = PlannedState.PLANNED, NotSent.CHANGED, None
        self.request_id, self.due_at = None, now

    def put_off(self, until: datetime, reason: NotSent | None) -> None:
        """Later; the reason stays to be read."""
        self.due_at, self.reason = until, reason
