"""Makes reviews due that were left while the integration was off."""

from datetime import datetime

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.delivery import Trigger
from reviews_app.models.destination import Destination
from reviews_app.queries.unsent_reviews import unsent_reviews
from reviews_app.services.plan_delivery import add_delivery, add_row


def send_past_reviews(
    session: Session, destination: Destination, *, limit: int, since: datetime | None = None, clock: Clock
) -> int:
    """Plan the newest reviews without a delivery, `limit` of them at most; gives how many.

    Rejected ones stay here. Imported ones will too (the contract: never for imported reviews).
    """
    reviews = session.scalars(unsent_reviews(destination, since=since).limit(limit)).all()
    for place, review in enumerate(reviews):
        review.kustomer_due = True
        add = add_row if place else add_delivery
        add(session, review, destination=destination, trigger=Trigger.BULK, now=clock())
    session.flush()
    return len(reviews)
