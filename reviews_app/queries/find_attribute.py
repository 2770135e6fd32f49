"""A store's questions."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from reviews_app.models.attribute import Attribute
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound


def attributes_of_store(session: Session, store: Store) -> list[Attribute]:
    """All of them in the form's order."""
    mine = select(Attribute).where(Attribute.store_id == store.id).options(selectinload(Attribute.products))
    return list(session.scalars(mine.order_by(Attribute.position, Attribute.id)))


def find_attribute(session: Session, store: Store, attribute_id: UUID) -> Attribute:
    """One of them; raises NotFound, another store's counts as absent."""
    found = session.scalar(select(Attribute).where(Attribute.store_id == store.id, Attribute.id == attribute_id))
    if found is None:
        raise NotFound
    return found
