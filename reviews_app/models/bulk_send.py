"""Many reviews to be sent because the merchant asked: a row, so that a restart goes on where it stopped."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.delivery import DeliveryState
from reviews_app.models.destination import Destination


class BulkKind(StrEnum):
    """Which reviews."""

    PAST = "past"
    AGAIN = "again"


class BulkSend(Identified, StoreOwned, Base):
    """`total` reviews were counted when it was asked for, `planned` of them are on their way by now.

    Past reviews go newest first, those since `since` if it is set. Deliveries to send again are those that stood
    in `state` when it was asked for; `after_at` and `after_id` are the last one taken.
    """

    __tablename__ = "bulk_send"

    destination_id: Mapped[UUID] = mapped_column(ForeignKey("destination.id"), index=True)
    kind: Mapped[BulkKind] = mapped_column(Word(BulkKind))
    state: Mapped[DeliveryState | None] = mapped_column(Word(DeliveryState))
    since: Mapped[datetime | None]
    total: Mapped[int]
    planned: Mapped[int] = mapped_column(default=0)
    after_at: Mapped[datetime | None]
    after_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    destination: Mapped[Destination] = relationship()
