"""How one review fared on its way to Kustomer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.delivery import Delivery, DeliveryKind
from reviews_app.models.review import Review
from reviews_app.models.store import Store


def delivery_of_review(session: Session, store: Store, review: Review) -> Delivery | None:
    """Its delivery, or None while the integration was off."""
    return session.scalar(
        select(Delivery).where(
            Delivery.store_id == store.id, Delivery.review_id == review.id, Delivery.kind == DeliveryKind.LEFT
        )
    )
