"""A one-time link by which somebody joins a store."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.models.base import Base, Identified, StoreOwned
from reviews_app.models.membership import StoreRole


class InvitationSpent(Exception):
    """The link was used before, or its time is over."""


class Invitation(Identified, StoreOwned, Base):
    """An invitation to a store in a role; the first owner's has no address yet."""

    __tablename__ = "invitation"

    email: Mapped[str] = mapped_column(default="")
    role: Mapped[StoreRole] = mapped_column(Word(StoreRole))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]

    def is_open(self, now: datetime) -> bool:
        """Whether the link can still be used."""
        return self.accepted_at is None and now < self.expires_at

    def accept(self, now: datetime) -> None:
        """Spend the link; raises InvitationSpent when that cannot be."""
        if not self.is_open(now):
            raise InvitationSpent
        self.accepted_at = now
