"""What a review said before its author changed it: kept for the merchant, shown to nobody else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base, Identified, StoreOwned


class ReviewVersion(Identified, StoreOwned, Base):
    """The earlier words and stars; `answers` are pairs of question and shown answer."""

    __tablename__ = "review_version"
    __table_args__ = (Index("ix_review_version_review", "review_id", "replaced_at"),)

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    rating: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    is_recommended: Mapped[bool | None]
    display_name: Mapped[str]
    answers: Mapped[list[list[str]]] = mapped_column(JSON)
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime]
