"""That a merchant hid one picture of a review: why, who, when, and who showed it again."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.account import Account
from reviews_app.models.base import Base, Identified, StoreOwned


class HidingReason(StrEnum):
    """The fixed list; what a picture says of the product is none."""

    PERSONAL_DATA = "personal_data"
    OFFENSIVE = "offensive"
    NOT_ABOUT_PRODUCT = "not_about_product"
    NOT_THEIR_OWN = "not_their_own"
    ADVERTISEMENT = "advertisement"


class MediaHiding(Identified, StoreOwned, Base):
    """One time of being hidden; it lasts until `shown_at`. It goes with its file."""

    __tablename__ = "media_hiding"

    media_id: Mapped[UUID] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), index=True)
    reason: Mapped[HidingReason] = mapped_column(Word(HidingReason))
    hidden_at: Mapped[datetime]
    hidden_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    shown_at: Mapped[datetime | None]
    shown_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    hider: Mapped[Account] = relationship(foreign_keys=[hidden_by])
    shower: Mapped[Account | None] = relationship(foreign_keys=[shown_by])
