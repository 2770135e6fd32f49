"""How the products of several orders stand, read at once."""

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from reviews_app.db.database import engine
from reviews_app.models.line_wish import Wish
from reviews_app.models.review import Review
from reviews_app.queries.order_to_review import Standing, order_to_review, orders_to_review
from tests.factories.bought import Bought, make_bought
from tests.factories.order import make_order
from tests.factories.store import make_store
from tests.fakes.statements import counted_statements

OPEN, DONE, SKIPPED = Standing.OPEN, Standing.REVIEWED, Standing.SKIPPED


def bought(session: Session, app: Flask) -> Bought:
    return make_bought(session, app.extensions["tools"])


def test_each_order_stands_as_it_does_alone(session: Session, app: Flask) -> None:
    """A second order of the same buyer knows what they reviewed; somebody else's knows nothing of it."""
    one = bought(session, app)
    again = make_order(session, one.store, one.pack, one.stove, number="#1206")
    elses = make_order(session, one.store, one.pack, one.stove, number="#1207", email="ann@example.com")
    one.review(one.pack)
    one.wish(one.stove, Wish.SKIP)
    session.flush()
    orders = [one.order, again, elses]
    read = orders_to_review(session, orders)
    standings = [[line.standing for line in read[order.id].lines] for order in orders]
    assert standings == [[DONE, SKIPPED], [DONE, OPEN], [OPEN, OPEN]]
    assert read == {order.id: order_to_review(session, order) for order in orders}


def test_what_another_store_knows_of_the_same_buyer_is_not_read(session: Session, app: Flask) -> None:
    one = bought(session, app)
    elsewhere = one.review(one.pack)
    elsewhere.store_id = make_store(session, "juniper").id
    session.flush()
    assert one.standings() == [OPEN, OPEN]


def test_an_unproven_review_under_the_same_address_is_not_the_buyers(session: Session, app: Flask) -> None:
    one = bought(session, app)
    review = one.review(one.pack)
    review.order_id, review.is_verified = None, False
    session.flush()
    assert one.standings() == [OPEN, OPEN]


def test_the_oldest_of_two_reviews_counts(session: Session, app: Flask) -> None:
    one = bought(session, app)
    first = one.review(one.pack)
    names = inspect(Review).column_attrs.keys()
    copied = {column: getattr(first, column) for column in names if column != "id"}
    second = Review(**copied | {"form_id": "another", "created_at": first.created_at.replace(year=2020)})
    session.add(second)
    session.flush()
    assert order_to_review(session, one.order).lines[0].review == second


def test_a_product_with_many_reviews_costs_an_order_nothing(session: Session, app: Flask) -> None:
    one = bought(session, app)
    with counted_statements(session) as sent:
        order_to_review(session, one.order)
    [asked] = [statement for statement in sent if "FROM review" in statement and "line_wish" not in statement]
    if engine().dialect.name == "sqlite":
        values = ("",) * asked.count("?")
        plan = str(session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values).all())
        assert "ix_review_order" in plan
        assert "ix_review_voice" in plan
        assert "SCAN review" not in plan
