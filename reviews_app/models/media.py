"""A picture or video a shopper sent. Its public address is fixed at upload."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned


class MediaKind(StrEnum):
    """What kind of file."""

    IMAGE = "image"
    VIDEO = "video"


class MediaState(StrEnum):
    """How far it is: the raw upload is never served."""

    UPLOADED = "uploaded"
    READY = "ready"
    FAILED = "failed"


class Media(Identified, StoreOwned, Base):
    """One file; staged (tied to a form id only) until a review takes it.

    `name` is the random stem of its files and of its public address.
    """

    __tablename__ = "media"
    __table_args__ = (Index("ix_media_form", "store_id", "form_id"), Index("ix_media_state", "state", "created_at"))

    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("review.id"), index=True)
    form_id: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[MediaKind] = mapped_column(Word(MediaKind), default=MediaKind.IMAGE)
    state: Mapped[MediaState] = mapped_column(Word(MediaState), default=MediaState.UPLOADED)
    original_name: Mapped[str] = mapped_column(default="")
    byte_count: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    enqueued_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
