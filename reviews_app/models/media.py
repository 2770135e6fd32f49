"""A picture or video a shopper sent. Its public address is fixed at upload."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.lib.tokens import new_token
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.media_words import SIZES, MediaTrouble

# No form of ours has such an id.
LET_GO = "let-go-"


class MediaKind(StrEnum):
    """What kind of file."""

    IMAGE = "image"
    VIDEO = "video"


class MediaState(StrEnum):
    """How far it is: the raw upload is never served."""

    UPLOADED = "uploaded"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One served picture: its size is part of its address, width and height are what a page reserves."""

    size: int
    width: int
    height: int


def rendition(width: int, height: int, size: int) -> Rendition:
    """What a picture of that width and height becomes when its longer side may be `size` pixels at most."""
    shrink = min(1.0, size / max(width, height))
    return Rendition(size, max(1, round(width * shrink)), max(1, round(height * shrink)))


class Media(Identified, StoreOwned, Base):
    """One file; staged (tied to a form id only) until a review takes it.

    `name` is the random stem of its files and of its public addresses: `<name>-<size>.webp` for each of SIZES
    (a video's are its poster) and `<name>-video.mp4`. `width` and `height` are those of the largest as shown.
    `view_key` is the secret behind the addresses that open it while the public may not see it.
    `upload_key` is what its form calls it: the same file sent again after a lost answer is still one.
    """

    __tablename__ = "media"
    __table_args__ = (
        Index("ix_media_form", "store_id", "form_id", "upload_key", unique=True),
        Index("ix_media_state", "state", "created_at"),
        Index("ix_media_sender", "store_id", "sender_key", "created_at"),
    )

    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("review.id"), index=True, active_history=True)
    form_id: Mapped[str]
    upload_key: Mapped[str] = mapped_column(default=new_token)
    name: Mapped[str] = mapped_column(unique=True)
    view_key: Mapped[str] = mapped_column(default=new_token)
    kind: Mapped[MediaKind] = mapped_column(Word(MediaKind), default=MediaKind.IMAGE)
    state: Mapped[MediaState] = mapped_column(Word(MediaState), default=MediaState.UPLOADED)
    trouble: Mapped[MediaTrouble | None] = mapped_column(Word(MediaTrouble))
    original_name: Mapped[str] = mapped_column(default="")
    sender_key: Mapped[str] = mapped_column(default="")
    byte_count: Mapped[int]
    stored_bytes: Mapped[int] = mapped_column(default=0)
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_ms: Mapped[int | None]
    has_avif: Mapped[bool] = mapped_column(default=False)
    has_original: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    caption: Mapped[str] = mapped_column(default="")
    is_hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    enqueued_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)

    def let_go(self) -> None:
        """No page, form or address opens it from now on; the next sweep sees to its files and itself."""
        self.review_id = None
        self.form_id = f"{LET_GO}{self.id.hex}"
        self.view_key = new_token()
        self.original_name = self.caption = ""

    @property
    def takes_place(self) -> bool:
        """Whether it counts among those that fit in one review: what could not be prepared never shows."""
        return self.state is not MediaState.FAILED

    @property
    def is_video(self) -> bool:
        """Whether it plays."""
        return self.kind is MediaKind.VIDEO

    @property
    def renditions(self) -> tuple[Rendition, ...]:
        """What is served once it is ready, the largest first; empty before."""
        if self.width is None or self.height is None:
            return ()
        return tuple(rendition(self.width, self.height, size) for size in SIZES)
