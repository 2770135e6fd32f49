"""Reviews a destination never had: left while it was off, or before it was there."""

from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from reviews_app.models.delivery import Delivery, DeliveryKind
from reviews_app.models.destination import Destination
from reviews_app.models.review import Review, ReviewState


def unsent_reviews(destination: Destination, *, since: datetime | None = None) -> Select[Review]:
    """The newest first. Rejected ones stay here: support should not hear of spam. So do those their authors deleted."""
    row = exists().where(
        Delivery.review_id == Review.id,
        Delivery.destination_id == destination.id,
        Delivery.kind == DeliveryKind.LEFT,
    )
    stays = (ReviewState.REJECTED, ReviewState.WITHDRAWN)
    unsent = select(Review).where(Review.store_id == destination.store_id, Review.state.not_in(stays), ~row)
    if since is not None:
        unsent = unsent.where(Review.created_at >= since)
    return unsent.order_by(Review.created_at.desc(), Review.id.desc())


def count_unsent(session: Session, destination: Destination, *, since: datetime | None = None) -> int:
    """How many they are."""
    unsent = unsent_reviews(destination, since=since).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(unsent)) or 0
