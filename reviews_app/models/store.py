"""A store: the shop whose reviews these are."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified


class Publishing(StrEnum):
    """When a review shows: never a question of its stars."""

    AT_ONCE = "at_once"
    HOLD_ALL = "hold_all"


class Store(Identified, Base):
    """One shop with its languages, its clock and its rules."""

    __tablename__ = "store"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    languages: Mapped[list[str]]
    time_zone: Mapped[str] = mapped_column(default="UTC")
    home_country: Mapped[str] = mapped_column(default="US")
    currency: Mapped[str] = mapped_column(default="USD")
    reply_address: Mapped[str] = mapped_column(default="")
    postal_address: Mapped[str] = mapped_column(default="")
    publishing: Mapped[Publishing] = mapped_column(Word(Publishing), default=Publishing.AT_ONCE)
    created_at: Mapped[datetime]
    most_media: Mapped[int] = mapped_column(default=8)
    most_picture_mb: Mapped[int] = mapped_column(default=15)
    most_video_mb: Mapped[int] = mapped_column(default=90)
    most_video_seconds: Mapped[int] = mapped_column(default=60)
    media_quota_mb: Mapped[int] = mapped_column(default=10_240)
    keeps_originals: Mapped[bool] = mapped_column(default=False)
    media_link_days: Mapped[int | None]

    @property
    def language(self) -> str:
        """The language the shop speaks first."""
        return self.languages[0]

    @property
    def publishes_at_once(self) -> bool:
        """Whether a new review shows without waiting for the merchant."""
        return self.publishing is Publishing.AT_ONCE
