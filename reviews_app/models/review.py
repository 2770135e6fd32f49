"""A review, the moves it can make, and what belongs to it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.media import Media, MediaState
from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.reward import Reward

AnswerValue = list[str] | str | int


class ReviewState(StrEnum):
    """Where a review stands."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """By which door a review came (the contract's words)."""

    WRITE_REVIEW_BUTTON = "write-review-button"
    REVIEW_REQUEST_EMAIL = "review-request-email"


class Sentiment(StrEnum):
    """Follows stars and recommendation; no lexicon beat guessing."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    MIXED = "mixed"


class RejectionReason(StrEnum):
    """The fixed, star-blind list."""

    SPAM = "spam"
    NOT_ABOUT_PRODUCT = "not_about_product"
    PERSONAL_DATA = "personal_data"
    OFFENSIVE = "offensive"
    DUPLICATE = "duplicate"
    NOT_THE_AUTHOR = "not_the_author"


class ReviewAlreadyDecided(Exception):
    """The review already stands where it was to be moved."""


class ReviewWithdrawn(ReviewAlreadyDecided):
    """Its author deleted it: nobody decides about it any more."""


class ReviewAnswer(Identified, StoreOwned, Base):
    """The answer to one custom attribute, with the question as it stood then."""

    __tablename__ = "review_answer"
    __table_args__ = (UniqueConstraint("review_id", "attribute_id"),)

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), index=True)
    attribute_id: Mapped[UUID] = mapped_column(ForeignKey("attribute.id"), index=True)
    title: Mapped[str]
    value: Mapped[AnswerValue] = mapped_column(JSON)
    shown: Mapped[str]
    position: Mapped[int]


class ReviewReply(Identified, StoreOwned, Base):
    """The merchant's public answer; a review has at most one."""

    __tablename__ = "review_reply"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), unique=True)
    body: Mapped[str]
    created_at: Mapped[datetime]


class Review(Identified, StoreOwned, Base):
    """What a shopper left."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        UniqueConstraint("store_id", "form_id"),
        Index("ix_review_newest", "product_id", "state", "created_at", "id"),
        Index("ix_review_rating", "product_id", "state", "rating", "created_at", "id"),
        Index("ix_review_gallery", "product_id", "state", "has_media", "created_at", "id"),
        Index("ix_review_moderation", "store_id", "state", "created_at", "id"),
        Index("ix_review_voice", "product_id", "email_key"),
        Index("ix_review_order", "order_id"),
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    variant_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_variant.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("order.id"))
    form_id: Mapped[str]
    rating: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    is_recommended: Mapped[bool | None]
    name: Mapped[str]
    display_name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str]
    country_code: Mapped[str | None]
    language_code: Mapped[str]
    sentiment: Mapped[Sentiment] = mapped_column(Word(Sentiment))
    source: Mapped[Source] = mapped_column(Word(Source))
    state: Mapped[ReviewState] = mapped_column(Word(ReviewState), default=ReviewState.PENDING)
    is_verified: Mapped[bool] = mapped_column(default=False)
    is_repeat: Mapped[bool] = mapped_column(default=False)
    is_suspect: Mapped[bool] = mapped_column(default=False)
    rejection_reason: Mapped[RejectionReason | None] = mapped_column(Word(RejectionReason))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    kustomer_due: Mapped[bool] = mapped_column(default=False)
    has_media: Mapped[bool] = mapped_column(default=False)
    product: Mapped[Product] = relationship()
    variant: Mapped[ProductVariant | None] = relationship()
    answers: Mapped[list[ReviewAnswer]] = relationship(order_by=ReviewAnswer.position)
    reply: Mapped[ReviewReply | None] = relationship(uselist=False)
    media: Mapped[list[Media]] = relationship(order_by=(Media.position, Media.id))
    reward: Mapped[Reward | None] = relationship(uselist=False)

    @property
    def has_shown_media(self) -> bool:
        """Whether a picture or video of it is shown, or will be once it is prepared."""
        return any(not one.is_hidden and one.state is not MediaState.FAILED for one in self.media)

    def publish(self, now: datetime) -> None:
        """Show it; raises ReviewAlreadyDecided when it shows already."""
        self._decide(ReviewState.PUBLISHED, now)
        self.rejection_reason = None

    def reject(self, reason: RejectionReason, now: datetime) -> None:
        """Take it off the page and keep why; raises ReviewAlreadyDecided when that was done before."""
        self._decide(ReviewState.REJECTED, now)
        self.rejection_reason = reason

    def edited(self, now: datetime, *, shows: bool) -> None:
        """Its author changed it. What the merchant had rejected waits for the merchant again.

        Raises ReviewWithdrawn when it was deleted meanwhile: words that come too late bring nothing back.
        """
        if self.state is ReviewState.WITHDRAWN:
            raise ReviewWithdrawn
        stays_hidden = self.state is ReviewState.REJECTED or self.is_repeat or self.is_suspect
        self.state = ReviewState.PUBLISHED if shows and not stays_hidden else ReviewState.PENDING
        self.rejection_reason = None
        self.decided_at = now if self.state is ReviewState.PUBLISHED else None
        self.edited_at = now

    def disown(self, now: datetime) -> None:
        """The owner of its address did not write it: it leaves the page and waits for the merchant."""
        if self.state is ReviewState.PUBLISHED:
            self._decide(ReviewState.PENDING, now)
            self.decided_at = None

    def prove(self, order_id: UUID, *, is_repeat: bool) -> None:
        """Its author bought the product. A second voice of one person waits for the merchant."""
        self.order_id = order_id
        self.is_verified = True
        self.is_repeat = self.is_repeat or is_repeat
        if is_repeat and self.state is ReviewState.PUBLISHED:
            self.state = ReviewState.PENDING
            self.decided_at = None

    def withdraw(self, now: datetime) -> None:
        """Its author deleted it; raises ReviewWithdrawn when that was done before."""
        self._decide(ReviewState.WITHDRAWN, now)

    def _decide(self, state: ReviewState, now: datetime) -> None:
        if self.state is ReviewState.WITHDRAWN:
            raise ReviewWithdrawn
        if self.state is state:
            raise ReviewAlreadyDecided
        self.state = state
        self.decided_at = now
