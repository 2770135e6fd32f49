"""Loads a store by its short name."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound


def find_store(session: Session, slug: str) -> Store:
    """The store; raises NotFound."""
    store = session.scalar(select(Store).where(Store.slug == slug))
    if store is None:
        raise NotFound
    return store
