"""Takes an order in, once, with the buyer it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.people import email_key
from reviews_app.models.customer import Customer
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.store import Store


@dataclass(frozen=True, slots=True)
class LineDetails:
    """One bought product, in our ids."""

    product_id: UUID
    variant_id: UUID | None = None
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """An order as the shop knows it; `number` is the shown one, such as #1205."""

    shop_id: str
    number: str
    email: str
    name: str
    country_code: str | None
    placed_at: datetime
    fulfilled_at: datetime | None
    lines: tuple[LineDetails, ...]


def record_order(session: Session, store: Store, details: OrderDetails, *, clock: Clock) -> Order:
    """The order's row; the same shop id again only brings the date of fulfilment up to date."""
    known = session.scalar(select(Order).where(Order.store_id == store.id, Order.shop_id == details.shop_id))
    if known is not None:
        known.fulfilled_at = details.fulfilled_at or known.fulfilled_at
        return known
    order = Order(
        store_id=store.id,
        customer=_customer(session, store, details, clock=clock),
        shop_id=details.shop_id,
        number=details.number,
        country_code=details.country_code,
        placed_at=details.placed_at,
        fulfilled_at=details.fulfilled_at,
    )
    order.lines = [
        OrderLine(
            store_id=store.id,
            product_id=line.product_id,
            variant_id=line.variant_id,
            quantity=line.quantity,
            position=place,
        )
        for place, line in enumerate(details.lines)
    ]
    session.add(order)
    session.flush()
    return order


def _customer(session: Session, store: Store, details: OrderDetails, *, clock: Clock) -> Customer:
    key = email_key(details.email)
    customer = session.scalar(select(Customer).where(Customer.store_id == store.id, Customer.email_key == key))
    if customer is None:
        customer = Customer(store_id=store.id, email=details.email.strip(), email_key=key, created_at=clock())
        session.add(customer)
    customer.name = details.name or customer.name
    customer.country_code = details.country_code or customer.country_code
    return customer
