"""Keeps it true whether a review has anything to show, and how many of its product's reviews do."""

from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.models.review import Review, ReviewState
from reviews_app.services.roll_up_ratings import count_in, count_out


def count_media_anew(session: Session, review_id: UUID) -> None:
    """After one of its files was hidden, shown again, or could not be prepared."""
    session.flush()
    review = session.get_one(Review, review_id)
    session.refresh(review, with_for_update={"of": Review})
    session.refresh(review, ["media"])
    if review.has_media == review.has_shown_media:
        return
    is_counted = review.state is ReviewState.PUBLISHED
    if is_counted:
        count_out(session, review)
    review.has_media = review.has_shown_media
    if is_counted:
        count_in(session, review)
