"""The shown numbers of the orders that reviews are about, for many reviews in two reads."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from reviews_app.models.customer import Customer
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.review import Review

OrderNumbers = dict[UUID, str]


def order_numbers(session: Session, reviews: Sequence[Review]) -> OrderNumbers:
    """By the review's id: the link's order; by the button, that address's latest order holding the product.

    All reviews are of one store. A review without such an order is left out.
    """
    by_link = [review for review in reviews if review.order_id is not None]
    by_button = [review for review in reviews if review.order_id is None]
    return _by_link(session, by_link) | _by_address(session, by_button)


def _by_link(session: Session, reviews: Sequence[Review]) -> OrderNumbers:
    if not reviews:
        return {}
    mine = select(Order.id, Order.number).where(_of_store(reviews), Order.id.in_([one.order_id for one in reviews]))
    numbers = {row.id: row.number for row in session.execute(mine)}
    return {one.id: numbers[one.order_id] for one in reviews if one.order_id in numbers}


def _by_address(session: Session, reviews: Sequence[Review]) -> OrderNumbers:
    if not reviews:
        return {}
    asked = {(one.email_key, one.product_id) for one in reviews}
    theirs = (
        select(Customer.email_key, OrderLine.product_id, Order.number)
        .join(Customer, Customer.id == Order.customer_id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(_of_store(reviews), tuple_(Customer.email_key, OrderLine.product_id).in_(asked))
        .order_by(Order.placed_at, Order.id)
    )
    # The later one takes the place of the one before.
    latest = {(row.email_key, row.product_id): row.number for row in session.execute(theirs)}
    found = ((one.id, latest.get((one.email_key, one.product_id))) for one in reviews)
    return {review_id: number for review_id, number in found if number is not None}


def _of_store(reviews: Sequence[Review]) -> ColumnElement[bool]:
    return Order.store_id == reviews[0].store_id
