"""A request for reviews: one order, one link, one voice per product."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.reward_terms import RewardTerms

# No second request for an order within a day: the service refuses it, and no page offers it.
ASK_AGAIN_AFTER = timedelta(days=1)


class Asking(StrEnum):
    """What a mail asks for: `later` is the new mail a buyer wished for, `photo` asks for a picture to a review."""

    BY_HAND = "by_hand"
    REQUEST = "request"
    REMINDER = "reminder"
    PHOTO = "photo"
    LATER = "later"


class LinkExpired(Exception):
    """The request's time is over."""


class LinkUsed(Exception):
    """This product of the order has its review already."""


class ProductGivenBack(Exception):
    """The buyer gave this product back, so there is nothing to review."""


class ReviewRequestUse(Identified, StoreOwned, Base):
    """That the link was used for one product; the constraint lets only one through."""

    __tablename__ = "review_request_use"
    __table_args__ = (UniqueConstraint("request_id", "product_id"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("review_request.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    used_at: Mapped[datetime]


class ReviewRequest(Identified, StoreOwned, Base):
    """A link for an order; only its token's hash is kept. `language_code` is the mail's, and so the page's.

    `product_ids`: what its mail asks about. `started_at`: somebody first sent something by the link.
    `terms` is what was offered when it was sent: later changes of the store's rule do not touch it.
    `opened_at` is kept only where the store counts opened mails, and nothing depends on it.
    """

    __tablename__ = "review_request"
    __table_args__ = (Index("ix_review_request_store_created", "store_id", "created_at", "id"),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey("order.id"), index=True)
    mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("outgoing_mail.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    language_code: Mapped[str] = mapped_column(default="en", server_default="en")
    kind: Mapped[Asking] = mapped_column(Word(Asking), default=Asking.BY_HAND, server_default="by_hand")
    product_ids: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    started_at: Mapped[datetime | None]
    # No foreign key: SQLite would build the table anew for it, and requests are pointed at. Terms are never deleted.
    terms_id: Mapped[UUID | None]
    opened_at: Mapped[datetime | None]
    order: Mapped[Order] = relationship()
    mail: Mapped[OutgoingMail | None] = relationship()
    terms: Mapped[RewardTerms | None] = relationship(
        primaryjoin=lambda: foreign(ReviewRequest.terms_id) == RewardTerms.id, viewonly=True
    )
    uses: Mapped[list[ReviewRequestUse]] = relationship()

    @property
    def is_called_back(self) -> bool:
        """Whether its mail was cancelled before it left."""
        return self.mail is not None and self.mail.state is MailState.CANCELLED

    def check(self, now: datetime) -> None:
        """Raises LinkExpired when its time is over."""
        if now >= self.expires_at:
            raise LinkExpired
