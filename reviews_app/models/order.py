"""What was bought, when, by whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.customer import Customer
from reviews_app.models.product import Product, ProductVariant


class OrderLine(Identified, StoreOwned, Base):
    """One product of an order."""

    __tablename__ = "order_line"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("order.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), index=True)
    variant_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_variant.id"))
    quantity: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    product: Mapped[Product] = relationship()
    variant: Mapped[ProductVariant | None] = relationship()


class Order(Identified, StoreOwned, Base):
    """An order as the shop shows it: `number` is what the buyer reads, such as #1205."""

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("store_id", "shop_id"),
        Index("ix_order_customer_placed", "customer_id", "placed_at"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    shop_id: Mapped[str]
    number: Mapped[str]
    country_code: Mapped[str | None]
    placed_at: Mapped[datetime]
    fulfilled_at: Mapped[datetime | None]
    customer: Mapped[Customer] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(order_by=OrderLine.position)
