"""Publishes or rejects a review, and keeps the counts true."""

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.review import RejectionReason, Review, ReviewState
from reviews_app.services.roll_up_ratings import count_in, count_out


def publish_review(session: Session, review: Review, *, clock: Clock) -> None:
    """Show the review; raises ReviewAlreadyDecided when it shows already."""
    _lock(session, review)
    review.publish(clock())
    count_in(session, review)


def reject_review(session: Session, review: Review, *, reason: RejectionReason, clock: Clock) -> None:
    """Take the review off the page with a kept reason; raises ReviewAlreadyDecided when that was done."""
    _lock(session, review)
    was_shown = review.state is ReviewState.PUBLISHED
    review.reject(reason, clock())
    if was_shown:
        count_out(session, review)


def _lock(session: Session, review: Review) -> None:
    """Two people deciding at once: the second sees what the first did."""
    session.refresh(review, with_for_update={"of": Review})
