"""Adds or changes a question."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.product import Product
from reviews_app.models.review import ReviewAnswer
from reviews_app.models.store import Store


class KindFixed(Exception):
    """Answers of one kind were given; they cannot be read as another."""


@dataclass(frozen=True, slots=True)
class AttributeDetails:
    """Checked values; `handles` are the chosen products, none means all."""

    title: str
    kind: AttributeKind
    about: AttributeAbout
    is_required: bool
    choices: tuple[str, ...]
    low: str
    middle: str
    high: str
    handles: tuple[str, ...]


def save_attribute(session: Session, store: Store, known: Attribute | None, details: AttributeDetails) -> Attribute:
    """Change `known`, or add a question at the end. Handles of other stores count as absent.

    Raises KindFixed when the question was answered and would be of another kind.
    """
    if known is None:
        last = session.scalar(select(func.max(Attribute.position)).where(Attribute.store_id == store.id))
        known = Attribute(store_id=store.id, position=0 if last is None else last + 1)
        session.add(known)
    elif known.kind is not details.kind and _is_answered(session, known):
        raise KindFixed
    chosen = select(Product).where(Product.store_id == store.id, Product.handle.in_(details.handles))
    known.title = details.title
    known.kind = details.kind
    known.about = details.about
    known.is_required = details.is_required
    known.choices = list(details.choices)
    known.low, known.middle, known.high = details.low, details.middle, details.high
    known.products = list(session.scalars(chosen))
    known.for_all_products = not known.products
    session.flush()
    return known


def _is_answered(session: Session, attribute: Attribute) -> bool:
    return session.scalar(select(exists().where(ReviewAnswer.attribute_id == attribute.id))) is True
