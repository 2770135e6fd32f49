from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.people import email_key
from reviews_app.models.customer import Customer
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from tests.fakes.clock import START


def make_order(
    session: Session,
    store: Store,
    *products: Product,
    email: str = "morgan@example.com",
    number: str = "#1205",
    name: str = "Morgan Reed",
) -> Order:
    key = email_key(email)
    customer = session.scalar(select(Customer).where(Customer.store_id == store.id, Customer.email_key == key))
    if customer is None:
        customer = Customer(store_id=store.id, email=email, email_key=key, name=name, created_at=START)
    order = Order(
        store_id=store.id,
        customer=customer,
        shop_id=f"order-{number}",
        number=number,
        country_code="AU",
        placed_at=START - timedelta(days=20),
        fulfilled_at=START - timedelta(days=14),
        lines=[
            OrderLine(
                store_id=store.id,
                product_id=product.id,
                variant_id=product.variants[0].id if product.variants else None,
                position=place,
            )
            for place, product in enumerate(products)
        ],
    )
    session.add(order)
    session.flush()
    return order
