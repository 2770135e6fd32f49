"""Which order a review left by the button may be about: told to nobody but the merchant and the address's owner."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from reviews_app.models.customer import Customer
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.review import Review

THEIRS = (
    select(Order)
    .join(Customer, Customer.id == Order.customer_id)
    .join(OrderLine, OrderLine.order_id == Order.id)
    .where(
        Order.store_id == bindparam("store_id"),
        Customer.email_key == bindparam("email_key"),
        OrderLine.product_id == bindparam("product_id"),
    )
    .order_by(Order.placed_at.desc(), Order.id.desc())
    .limit(1)
)


def order_by_address(session: Session, review: Review) -> Order | None:
    """The latest order of the review's address that holds its product."""
    wanted = {"store_id": review.store_id, "email_key": review.email_key, "product_id": review.product_id}
    return session.scalar(THEIRS, wanted)
