"""Loads a review of one store."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound

OF_FORM = select(Review).where(Review.store_id == bindparam("store_id"), Review.form_id == bindparam("form_id"))


def find_review(session: Session, store: Store, review_id: UUID) -> Review:
    """The review of that id; raises NotFound, another store's counts as absent."""
    review = session.scalar(select(Review).where(Review.store_id == store.id, Review.id == review_id))
    if review is None:
        raise NotFound
    return review


def review_of_form(session: Session, store: Store, form_id: str) -> Review | None:
    """The review a form was sent as; None while it is still being written."""
    return session.scalar(OF_FORM, {"store_id": store.id, "form_id": form_id})
