"""A look back: orders from before the rule was switched on, asked for at a pace."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from reviews_app.models.base import Base, Identified, StoreOwned


class LookBack(Identified, StoreOwned, Base):
    """Orders that left from `since` to `until`: `per_day` requests a day from `first_day` on, the newest first.

    `seen` and `after_*` say how far it is, so that one that was killed goes on where it was.
    """

    __tablename__ = "look_back"

    since: Mapped[datetime]
    until: Mapped[datetime]
    per_day: Mapped[int]
    first_day: Mapped[date]
    planned: Mapped[int]
    after_at: Mapped[datetime | None]
    after_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
