"""Loads a store by its short name."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound

BY_SLUG = select(Store).where(Store.slug == bindparam("slug"))


def find_store(session: Session, slug: str) -> Store:
    """The store; raises NotFound."""
    store = session.scalar(BY_SLUG, {"slug": slug})
    if store is None:
        raise NotFound
    return store
