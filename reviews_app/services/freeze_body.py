"""Builds a delivery's body once; every later try sends the same bytes."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.integrations.kustomer.from_review import TestReview, event_of_review, event_of_test
from reviews_app.integrations.kustomer.payload import MOST_BYTES, reduced, to_bytes
from reviews_app.lib.addresses import Addresses
from reviews_app.models.delivery import Delivery
from reviews_app.models.order import Order
from reviews_app.models.product import Product
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.queries.order_by_address import order_by_address


def freeze_body(session: Session, delivery: Delivery, *, addresses: Addresses) -> bytes:
    """The frozen bytes, built on the first call. Above 390,000 bytes the body is reduced and marked."""
    if delivery.body is None:
        set_body(delivery, _built(session, delivery, addresses=addresses))
        if len(delivery.body or b"") > MOST_BYTES:
            reduce_body(delivery)
    return delivery.body or b""


def reduce_body(delivery: Delivery) -> None:
    """Keep the text, cut the rest; done once."""
    set_body(delivery, reduced(delivery.body or b"{}"))
    delivery.is_reduced = True


def set_body(delivery: Delivery, body: bytes) -> None:
    """Keep the bytes with their hash."""
    delivery.body = body
    delivery.body_hash = hashlib.sha256(body).hexdigest()


def _built(session: Session, delivery: Delivery, *, addresses: Addresses) -> bytes:
    if delivery.review is None:
        return to_bytes(event_of_test(_test(session, delivery), event_id=delivery.id))
    number = order_number(session, delivery.review)
    return to_bytes(event_of_review(delivery.review, event_id=delivery.id, order_number=number, addresses=addresses))


def _test(session: Session, delivery: Delivery) -> TestReview:
    store = session.scalars(select(Store).where(Store.id == delivery.store_id)).one()
    first = select(Product).where(Product.store_id == store.id).order_by(Product.position).limit(1)
    return TestReview(
        store=store,
        product=session.scalar(first),
        email=delivery.test_email,
        subject_id=delivery.subject_id,
        now=delivery.created_at,
    )


def order_number(session: Session, review: Review) -> str | None:
    """The link's order; by the button, that address's latest order holding the product; else None."""
    if review.order_id is not None:
        mine = select(Order.number).where(Order.store_id == review.store_id, Order.id == review.order_id)
        return session.scalar(mine)
    order = order_by_address(session, review)
    return order.number if order else None
