"""For what a store gives which coupon: never a question of stars."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.coupon import Coupon
from reviews_app.models.review import Source


class MailedWhen(StrEnum):
    """When the code goes out."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"


class RewardTerms(Identified, StoreOwned, Base):
    """One version of a store's rule. A change writes the next version; what was promised points at its own."""

    __tablename__ = "reward_terms"
    __table_args__ = (UniqueConstraint("store_id", "version"),)

    version: Mapped[int]
    is_on: Mapped[bool]
    for_links: Mapped[bool]
    for_button: Mapped[bool]
    mailed: Mapped[MailedWhen] = mapped_column(Word(MailedWhen))
    text_coupon_id: Mapped[UUID | None] = mapped_column(ForeignKey("coupon.id"))
    photo_coupon_id: Mapped[UUID | None] = mapped_column(ForeignKey("coupon.id"))
    video_coupon_id: Mapped[UUID | None] = mapped_column(ForeignKey("coupon.id"))
    created_at: Mapped[datetime]
    text_coupon: Mapped[Coupon | None] = relationship(foreign_keys=text_coupon_id)
    photo_coupon: Mapped[Coupon | None] = relationship(foreign_keys=photo_coupon_id)
    video_coupon: Mapped[Coupon | None] = relationship(foreign_keys=video_coupon_id)

    def covers(self, source: Source) -> bool:
        """Whether reviews by this door earn anything."""
        return self.for_links if source is Source.REVIEW_REQUEST_EMAIL else self.for_button

    @property
    def coupons(self) -> tuple[Coupon, ...]:
        """Every coupon the rule names, each once."""
        named = (self.text_coupon, self.photo_coupon, self.video_coupon)
        return tuple(dict.fromkeys(one for one in named if one is not None))

    def earned(self, *, has_photo: bool, has_video: bool) -> Coupon | None:
        """The best coupon a review qualifies for by what it holds; None when there is none for it."""
        by_video = self.video_coupon if has_video else None
        by_photo = self.photo_coupon if has_photo else None
        return by_video or by_photo or self.text_coupon
