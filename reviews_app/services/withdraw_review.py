"""An author deletes their review: the words go, an empty row stays so that the link keeps its one voice."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.review_version import ReviewVersion
from reviews_app.services.cancel_reward import cancel_reward
from reviews_app.services.let_go_of_media import let_go_of_media
from reviews_app.services.roll_up_ratings import count_out

NOT_YET_SENT = (DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.FAILED)


def withdraw_review(session: Session, review: Review, *, clock: Clock) -> None:
    """Take the review off the page and its words, name, address, answers, pictures and reply out of the database.

    What was not sent to Kustomer yet stays here. Raises ReviewWithdrawn when that was done before.
    """
    was_shown = review.state is ReviewState.PUBLISHED
    if was_shown:
        count_out(session, review)
    review.withdraw(clock())
    let_go_of_media(review.media)
    for row in (*review.answers, *([review.reply] if review.reply else [])):
        session.delete(row)
    session.execute(delete(ReviewVersion).where(ReviewVersion.review_id == review.id))
    review.title = review.body = review.name = review.display_name = review.email = review.email_key = ""
    review.country_code = None
    review.has_media = False
    review.kustomer_due = False
    _call_back(session, review)
    cancel_reward(session, review, now=clock())
    session.flush()
    session.expire(review, ["answers", "media", "reply"])


def _call_back(session: Session, review: Review) -> None:
    waiting = select(Delivery).where(Delivery.review_id == review.id, Delivery.state.in_(NOT_YET_SENT))
    for row in session.scalars(waiting.with_for_update()):
        row.state = DeliveryState.CANCELLED
        row.body = None
