from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.order import Order
from reviews_app.models.review import Review
from reviews_app.queries.order_numbers import order_numbers
from reviews_app.services.submit_review import Proof
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.statements import counted_statements


def numbers(session: Session) -> list[str | None]:
    """Of all reviews of one store, in the order they were left."""
    session.flush()
    reviews = session.scalars(select(Review).order_by(Review.created_at, Review.id)).all()
    found = order_numbers(session, reviews)
    return [found.get(review.id) for review in reviews]


def test_a_link_tells_its_own_order_whatever_came_later(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    product = make_product(session, store)
    mine = make_order(session, store, product, number="#1", email="ann@example.com")
    make_order(session, store, product, number="#2", email="ann@example.com").placed_at += timedelta(days=1)
    leave_review(session, store, product, clock=clock, email="ann@example.com", proof=Proof(mine))
    assert numbers(session) == ["#1"]


def test_the_button_tells_the_addresss_latest_order_that_holds_the_product(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    pack, stove = make_product(session, store), make_product(session, store, "ember-stove")
    make_order(session, store, pack, number="#1", email="Ann@Example.com")
    make_order(session, store, pack, number="#2", email="ann@example.com").placed_at += timedelta(days=1)
    make_order(session, store, stove, number="#3", email="ann@example.com").placed_at += timedelta(days=2)
    leave_review(session, store, pack, clock=clock, email="ann@example.com")
    leave_review(session, store, pack, clock=clock, email="somebody@example.com")
    assert sorted(numbers(session), key=str) == ["#2", None]


def test_another_stores_orders_are_never_told(session: Session, clock: FakeClock) -> None:
    mine, theirs = make_store(session), make_store(session, "juniper")
    product = make_product(session, mine)
    make_order(session, theirs, make_product(session, theirs), number="#9", email="ann@example.com")
    leave_review(session, mine, product, clock=clock, email="ann@example.com")
    assert numbers(session) == [None]


def test_many_reviews_are_asked_for_in_two_reads(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    product = make_product(session, store)
    order = make_order(session, store, product, number="#1", email="ann@example.com")
    for place in range(10):
        proof = Proof(order) if place % 2 else None
        leave_review(session, store, product, clock=clock, proof=proof)
    session.flush()
    reviews = session.scalars(select(Review)).all()
    with counted_statements(session) as sent:
        assert set(order_numbers(session, reviews).values()) == {"#1"}
    assert len(sent) == 2
    assert order_numbers(session, []) == {}
    assert session.scalars(select(Order.number)).all() == ["#1"]
