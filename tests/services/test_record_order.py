from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.models.customer import Customer
from reviews_app.models.product import Product
from reviews_app.services.record_order import LineDetails, OrderDetails, record_order
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock


def details(product: Product, **changes: object) -> OrderDetails:
    made = OrderDetails(
        shop_id="5001",
        number="#1205",
        email="Morgan@Example.com",
        name="Morgan Reed",
        country_code="AU",
        placed_at=START - timedelta(days=9),
        fulfilled_at=None,
        lines=(LineDetails(product.id),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_an_order_is_taken_in_once(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    product = make_product(session, store)
    first = record_order(session, store, details(product), clock=clock)
    again = record_order(session, store, details(product, fulfilled_at=START), clock=clock)
    assert (again.id, again.fulfilled_at) == (first.id, START)


def test_one_address_is_one_customer(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    product = make_product(session, store)
    record_order(session, store, details(product), clock=clock)
    record_order(session, store, details(product, shop_id="5002", email="morgan@example.com"), clock=clock)
    assert session.scalar(select(func.count()).select_from(Customer)) == 1


def test_two_stores_keep_their_own_customers(session: Session, clock: FakeClock) -> None:
    for slug in ("larkspur", "juniper"):
        store = make_store(session, slug)
        record_order(session, store, details(make_product(session, store)), clock=clock)
    assert session.scalar(select(func.count()).select_from(Customer)) == 2
