"""Custom attributes: what a store asks beside the stars."""

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.product import Product

attribute_product = Table(
    "attribute_product",
    Base.metadata,
    Column("attribute_id", ForeignKey("attribute.id"), primary_key=True),
    Column("product_id", ForeignKey("product.id"), primary_key=True),
)


class AttributeKind(StrEnum):
    """How a question is answered."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    SCALE = "scale"
    CENTRED_SCALE = "centred_scale"
    SHORT_TEXT = "short_text"

    @property
    def steps(self) -> tuple[int, ...]:
        """The values a scale may take: 1 to 5, or -2 to 2 around a middle; empty for the rest."""
        return {"scale": (1, 2, 3, 4, 5), "centred_scale": (-2, -1, 0, 1, 2)}.get(self.value, ())


class AttributeAbout(StrEnum):
    """Whom a question is about."""

    PRODUCT = "product"
    REVIEWER = "reviewer"


class Attribute(Identified, StoreOwned, Base):
    """One question of a store, for all its products or for chosen ones."""

    __tablename__ = "attribute"

    title: Mapped[str]
    kind: Mapped[AttributeKind] = mapped_column(Word(AttributeKind))
    about: Mapped[AttributeAbout] = mapped_column(Word(AttributeAbout), default=AttributeAbout.PRODUCT)
    is_required: Mapped[bool] = mapped_column(default=False)
    for_all_products: Mapped[bool] = mapped_column(default=True)
    choices: Mapped[list[str]] = mapped_column(default=list)
    low: Mapped[str] = mapped_column(default="")
    middle: Mapped[str] = mapped_column(default="")
    high: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    products: Mapped[list[Product]] = relationship(secondary=attribute_product)
