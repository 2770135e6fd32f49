"""Builds a delivery's body once; every later try sends the same bytes."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.integrations.kustomer.from_review import TestReview, event_of_review, event_of_test
from reviews_app.integrations.kustomer.payload import MOST_BYTES, reduced, to_bytes
from reviews_app.lib.addresses import Addresses
from reviews_app.models.delivery import Delivery
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.queries.order_numbers import OrderNumbers


def freeze_body(session: Session, delivery: Delivery, numbers: OrderNumbers, *, addresses: Addresses) -> bytes:
    """The frozen bytes, built on the first call. Above 390,000 bytes the body is reduced and marked.

    `numbers` knows the orders of many reviews at once: asked for one by one, they were a third of a claim.
    """
    if delivery.body is None:
        set_body(delivery, _built(session, delivery, numbers, addresses=addresses))
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


def _built(session: Session, delivery: Delivery, numbers: OrderNumbers, *, addresses: Addresses) -> bytes:
    if delivery.review is None:
        return to_bytes(event_of_test(_test(session, delivery), event_id=delivery.id))
    number = numbers.get(delivery.review.id)
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
