"""What a buyer answered instead of a review: not yet, or not this one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned


class Wish(StrEnum):
    """`later`: ask again at `ask_at`. `skip`: do not ask about it."""

    LATER = "later"
    SKIP = "skip"


class LineWish(Identified, StoreOwned, Base):
    """A buyer's answer about one product of an order; a review takes its place."""

    __tablename__ = "line_wish"
    __table_args__ = (UniqueConstraint("order_id", "product_id"), Index("ix_line_wish_ask_at", "ask_at"))

    order_id: Mapped[UUID] = mapped_column(ForeignKey("order.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    wish: Mapped[Wish] = mapped_column(Word(Wish))
    ask_at: Mapped[datetime | None]
    wished_at: Mapped[datetime]
