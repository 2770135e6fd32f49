"""Rolled-up ratings: changed in the same transaction as the reviews they count."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base, Identified, StoreOwned


class ProductRating(StoreOwned, Base):
    """The published reviews of one product, counted."""

    __tablename__ = "product_rating"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), primary_key=True)
    n1: Mapped[int] = mapped_column(default=0)
    n2: Mapped[int] = mapped_column(default=0)
    n3: Mapped[int] = mapped_column(default=0)
    n4: Mapped[int] = mapped_column(default=0)
    n5: Mapped[int] = mapped_column(default=0)
    recommended: Mapped[int] = mapped_column(default=0)
    not_recommended: Mapped[int] = mapped_column(default=0)
    verified: Mapped[int] = mapped_column(default=0)
    with_media: Mapped[int] = mapped_column(default=0)

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """How many reviews gave 1, 2, 3, 4, 5 stars."""
        return self.n1, self.n2, self.n3, self.n4, self.n5

    @property
    def total(self) -> int:
        """How many reviews are published."""
        return sum(self.counts)

    @property
    def average(self) -> float | None:
        """The mean of the stars, or None without a review."""
        if not self.total:
            return None
        return sum(stars * count for stars, count in enumerate(self.counts, start=1)) / self.total


class AttributeRating(Identified, StoreOwned, Base):
    """How often one answer was given to one attribute of one product."""

    __tablename__ = "attribute_rating"
    __table_args__ = (UniqueConstraint("product_id", "attribute_id", "answer"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    attribute_id: Mapped[UUID] = mapped_column(ForeignKey("attribute.id"), index=True)
    answer: Mapped[str]
    count: Mapped[int] = mapped_column(default=0)
