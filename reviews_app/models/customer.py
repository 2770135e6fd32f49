"""A buyer, known by an address."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base, Identified, StoreOwned


class Customer(Identified, StoreOwned, Base):
    """One person of one store; `email` as given, `email_key` as compared.

    `no_reminders_at`: asked to be asked once an order, no more. Who wants no requests at all has a `Suppression`.
    """

    __tablename__ = "customer"
    __table_args__ = (UniqueConstraint("store_id", "email_key"),)

    email: Mapped[str]
    email_key: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    country_code: Mapped[str | None]
    no_reminders_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
