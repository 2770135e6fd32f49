"""Proofs of work that were handed in already: each counts once."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base


class SpentChallenge(Base):
    """The hash of a solved challenge, kept until it would have expired anyway."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
