"""Lets a review go that waited for its pictures."""

from uuid import UUID

from sqlalchemy import CursorResult, exists, select, update
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.delivery import Delivery, DeliveryKind, DeliveryState
from reviews_app.models.media import Media, MediaState


def release_delivery(session: Session, review_id: UUID) -> bool:
    """Make the review's first try due at once when its last picture is done; false when there is nothing to release.

    Without it the next try would wait for the sweep.
    """
    session.flush()
    in_work = exists().where(Media.review_id == review_id, Media.state == MediaState.UPLOADED)
    released = session.execute(
        update(Delivery)
        .where(
            Delivery.review_id == review_id,
            Delivery.kind == DeliveryKind.LEFT,
            Delivery.state == DeliveryState.WAITING,
            Delivery.tries == 0,
            ~in_work,
        )
        .values(next_at=Delivery.created_at)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(released, CursorResult) or released.rowcount == 0:
        return False
    ids = select(Delivery.id).where(Delivery.review_id == review_id, Delivery.state == DeliveryState.WAITING)
    for delivery_id in session.scalars(ids).all():
        ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, delivery_id)
    return True
