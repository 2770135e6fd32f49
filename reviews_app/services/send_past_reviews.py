"""Makes reviews due that were left while the integration was off."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.delivery import Delivery, DeliveryKind, Trigger
from reviews_app.models.destination import Destination
from reviews_app.models.review import Review, ReviewState
from reviews_app.services.plan_delivery import add_delivery, add_row

# One transaction stays short; who has more asks again.
MOST = 2000


def send_past_reviews(session: Session, destination: Destination, *, limit: int | None = None, clock: Clock) -> int:
    """Plan the newest reviews without a delivery, `limit` of them or all (2,000 at a time); gives how many.

    Rejected ones stay here. Imported ones will too (the contract: never for imported reviews).
    """
    row = exists().where(
        Delivery.review_id == Review.id,
        Delivery.destination_id == destination.id,
        Delivery.kind == DeliveryKind.LEFT,
    )
    unsent = (
        select(Review)
        .where(Review.store_id == destination.store_id, Review.state != ReviewState.REJECTED, ~row)
        .order_by(Review.created_at.desc(), Review.id.desc())
        .limit(MOST if limit is None else min(limit, MOST))
    )
    reviews = session.scalars(unsent).all()
    for place, review in enumerate(reviews):
        review.kustomer_due = True
        add = add_row if place else add_delivery
        add(session, review, destination=destination, trigger=Trigger.BULK, now=clock())
    session.flush()
    return len(reviews)
