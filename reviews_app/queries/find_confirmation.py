"""Loads the question about a review by the token in its link."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from reviews_app.lib.tokens import token_hash
from reviews_app.models.review import Review
from reviews_app.models.review_confirmation import ReviewConfirmation
from reviews_app.models.store import Store
from reviews_app.queries.find_review_request import LONGEST_TOKEN
from reviews_app.queries.not_found import NotFound


@dataclass(frozen=True, slots=True)
class FoundConfirmation:
    """The question with its store; the token itself is the permission."""

    asked: ReviewConfirmation
    store: Store


def find_confirmation(session: Session, token: str) -> FoundConfirmation:
    """The question whose token this is; raises NotFound for any other text."""
    if len(token) > LONGEST_TOKEN:
        raise NotFound
    found = select(ReviewConfirmation).where(ReviewConfirmation.token_hash == token_hash(token))
    asked = session.scalar(found.options(joinedload(ReviewConfirmation.review).joinedload(Review.product)))
    store = session.get(Store, asked.store_id) if asked else None
    if asked is None or store is None:
        raise NotFound
    return FoundConfirmation(asked, store)
