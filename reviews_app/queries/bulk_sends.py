"""What a merchant asked to be sent in bulk and is still on its way."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.bulk_send import BulkSend
from reviews_app.models.store import Store


def bulk_sends_under_way(session: Session, store: Store) -> Sequence[BulkSend]:
    """The oldest first."""
    mine = select(BulkSend).where(BulkSend.store_id == store.id, BulkSend.finished_at.is_(None))
    return session.scalars(mine.order_by(BulkSend.created_at, BulkSend.id)).all()
