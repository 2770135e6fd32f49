"""A place in the bucket that a browser may fill without us between."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base, Identified, StoreOwned


class MediaOffer(Identified, StoreOwned, Base):
    """What was offered to one file of one form: it counts into the store's room as if it were full.

    Its `byte_count` is 0 once the file became a `Media` row. The row itself stays until nobody can fill the place any
    more and whatever lies there is removed.
    """

    __tablename__ = "media_offer"
    __table_args__ = (Index("ix_media_offer_created_at", "created_at"),)

    form_id: Mapped[str] = mapped_column(index=True)
    upload_key: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)
    sender_key: Mapped[str] = mapped_column(default="")
    byte_count: Mapped[int]
    created_at: Mapped[datetime]
