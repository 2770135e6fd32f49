"""Makes reviews due that were left while the integration was off."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.delivery import Delivery, DeliveryKind, Trigger
from reviews_app.models.destination import Destination
from reviews_app.models.review import Review, ReviewState
from reviews_app.services.plan_delivery import add_delivery

MOST = 500


def send_past_reviews(session: Session, destination: Destination, *, limit: int, clock: Clock) -> int:
    """Plan the newest reviews without a delivery, at most `limit` (and 500); gives how many."""
    sent = select(Delivery.review_id).where(
        Delivery.destination_id == destination.id,
        Delivery.kind == DeliveryKind.LEFT,
        Delivery.review_id.is_not(None),
    )
    unsent = (
        select(Review)
        .where(
            Review.store_id == destination.store_id,
            Review.state != ReviewState.REJECTED,
            Review.id.not_in(sent),
        )
        .order_by(Review.created_at.desc(), Review.id.desc())
        .limit(min(limit, MOST))
    )
    reviews = session.scalars(unsent).all()
    for review in reviews:
        review.kustomer_due = True
        add_delivery(session, review, destination=destination, trigger=Trigger.BULK, now=clock())
    session.flush()
    return len(reviews)
