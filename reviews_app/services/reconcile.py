"""Finds reviews that are due to Kustomer and have no row, and makes the row again."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.delivery import Delivery, DeliveryKind, Trigger
from reviews_app.models.destination import Destination
from reviews_app.models.review import Review
from reviews_app.services.plan_delivery import add_delivery

MOST = 10_000


def reviews_without_row(session: Session) -> Sequence[Review]:
    """Lost reviews: due, and no delivery of kind `left`. There should be none."""
    row = exists().where(Delivery.review_id == Review.id, Delivery.kind == DeliveryKind.LEFT)
    return session.scalars(select(Review).where(Review.kustomer_due, ~row).limit(MOST)).all()


def reconcile(session: Session, *, clock: Clock) -> int:
    """Recreate the missing rows, with the event ids they had; gives how many."""
    made = 0
    for review in reviews_without_row(session):
        destination = session.scalar(select(Destination).where(Destination.store_id == review.store_id))
        if destination is not None:
            add_delivery(session, review, destination=destination, trigger=Trigger.AUTO, now=clock())
            made += 1
    return made
