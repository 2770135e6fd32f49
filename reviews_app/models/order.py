"""What was bought, when, by whom."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.lib.ids import new_id
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.customer import Customer
from reviews_app.models.product import Product, ProductVariant


class ConsentBasis(StrEnum):
    """On what ground the buyer may be asked by mail; no word at all is the column's null."""

    OPT_IN = "opt_in"
    EXISTING_CUSTOMER = "existing_customer"
    REFUSED = "refused"


class OrderLine(Identified, StoreOwned, Base):
    """One product of an order; `shop_id` names the line within it.

    A report that leaves a line out removes its row: point at order and product, never at a line.
    """

    __tablename__ = "order_line"
    # An index, not a constraint: SQLite adds it without building the table anew.
    __table_args__ = (Index("ix_order_line_order_shop_id", "order_id", "shop_id", unique=True),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey("order.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), index=True)
    variant_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_variant.id"))
    shop_id: Mapped[str] = mapped_column(default=lambda: new_id().hex)
    quantity: Mapped[int] = mapped_column(default=1)
    refunded_quantity: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    product: Mapped[Product] = relationship()
    variant: Mapped[ProductVariant | None] = relationship()

    @property
    def is_refunded(self) -> bool:
        """Whether nothing of it is left with the buyer."""
        return self.refunded_quantity >= self.quantity


class Order(Identified, StoreOwned, Base):
    """An order as the shop shows it: `number` is what the buyer reads, such as #1205.

    Its row is what all reports of the shop say together (`ShopFacts`); `changed_at` is when they last changed it here.
    `has_unnamed_refund`: money went back and the shop did not say for which line.
    """

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("store_id", "shop_id"),
        Index("ix_order_customer_placed", "customer_id", "placed_at"),
        Index("ix_order_store_changed", "store_id", "changed_at"),
        Index("ix_order_store_fulfilled", "store_id", "fulfilled_at", "id"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    shop_id: Mapped[str]
    number: Mapped[str]
    buyer_name: Mapped[str] = mapped_column(default="")
    country_code: Mapped[str | None]
    locale: Mapped[str | None]
    time_zone: Mapped[str | None]
    placed_at: Mapped[datetime]
    fulfilled_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    has_unnamed_refund: Mapped[bool] = mapped_column(default=False)
    consent_basis: Mapped[ConsentBasis | None] = mapped_column(Word(ConsentBasis))
    consent_text: Mapped[str] = mapped_column(default="")
    consent_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    customer: Mapped[Customer] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(order_by=OrderLine.position)

    @property
    def is_cancelled(self) -> bool:
        """Cancelled as a whole, and not brought back by the shop."""
        return self.cancelled_at is not None

    @property
    def kept_lines(self) -> list[OrderLine]:
        """The lines of which the buyer kept something."""
        return [] if self.is_cancelled else [line for line in self.lines if not line.is_refunded]
