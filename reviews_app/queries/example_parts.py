"""What the Example Webhook Data is made of: the store's own first product and all its questions."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute
from reviews_app.models.product import Product
from reviews_app.models.store import Store


@dataclass(frozen=True, slots=True)
class ExampleParts:
    """`product` is None in a store without any."""

    store: Store
    product: Product | None
    attributes: list[Attribute]


def example_parts(session: Session, store: Store) -> ExampleParts:
    """The first product and every question, in the form's order."""
    first = select(Product).where(Product.store_id == store.id).order_by(Product.position, Product.id).limit(1)
    questions = select(Attribute).where(Attribute.store_id == store.id).order_by(Attribute.position, Attribute.id)
    return ExampleParts(store, session.scalar(first), list(session.scalars(questions)))
