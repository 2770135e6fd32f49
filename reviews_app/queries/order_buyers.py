"""What stands against asking an order's buyer, beside what the order itself says: for many orders at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from reviews_app.models.customer import Customer
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.queries.suppressions import suppressed

# Each address is two values of a statement: fewer than any database takes.
AT_ONCE = 5000


def buyers_not_to_ask(session: Session, store: Store, which: Select[UUID], *, now: datetime) -> dict[UUID, NotSent]:
    """Of the orders `which` names those whose buyer said no, cannot be reached or reviewed it all, and why."""
    reviewed = (
        exists()
        .where(
            Review.store_id == store.id,
            Review.product_id == OrderLine.product_id,
            Review.email_key == Customer.email_key,
            Review.is_verified,
        )
        .correlate(OrderLine, Customer)
    )
    is_open = exists().where(
        OrderLine.order_id == Order.id, OrderLine.refunded_quantity < OrderLine.quantity, ~reviewed
    )
    rows = session.execute(
        select(Order.id, Customer.email, is_open.correlate(Order, Customer).label("is_open"))
        .join(Customer, Customer.id == Order.customer_id)
        .where(Order.store_id == store.id, Order.id.in_(which))
    ).all()
    refused = _refused(session, store, sorted({row.email for row in rows}), now=now)
    reviewed_all = {row.id: NotSent.NOTHING_LEFT for row in rows if not row.is_open}
    return reviewed_all | {row.id: refused[row.email] for row in rows if row.email in refused}


def _refused(session: Session, store: Store, addresses: Sequence[str], *, now: datetime) -> dict[str, NotSent]:
    # An erased buyer has no address.
    found = {"": NotSent.ERASED}
    for start in range(0, len(addresses), AT_ONCE):
        some = addresses[start : start + AT_ONCE]
        found |= {one: NotSent(why) for one, why in suppressed(session, store.id, some, now=now).items()}
    return found
