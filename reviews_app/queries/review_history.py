"""What became of a review since it was left: its earlier words, and whether its address's owner wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.review import Review
from reviews_app.models.review_confirmation import ReviewConfirmation
from reviews_app.models.review_version import ReviewVersion
from reviews_app.models.store import Store


@dataclass(frozen=True, slots=True)
class ReviewHistory:
    """Earlier words, the newest first; the question to its address, if one was asked."""

    versions: Sequence[ReviewVersion]
    confirmation: ReviewConfirmation | None


def review_history(session: Session, store: Store, review: Review) -> ReviewHistory:
    """The history of one review of a store."""
    earlier = select(ReviewVersion).where(ReviewVersion.store_id == store.id, ReviewVersion.review_id == review.id)
    asked = select(ReviewConfirmation).where(
        ReviewConfirmation.store_id == store.id, ReviewConfirmation.review_id == review.id
    )
    newest_first = earlier.order_by(ReviewVersion.replaced_at.desc(), ReviewVersion.id.desc())
    return ReviewHistory(session.scalars(newest_first).all(), session.scalar(asked))
