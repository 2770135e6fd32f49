"""When a store asks for reviews."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base, Identified, StoreOwned

MOST_REMINDERS = 2


class RequestRule(Identified, StoreOwned, Base):
    """A store's rule; it is off until `on_since`, and asks only for orders that left from then on.

    `stopped_at`: nothing goes out, everything stays planned. `changed_at`: what is planned was reckoned anew after it.
    `swept_at`: orders that changed before it have their plan.
    """

    __tablename__ = "request_rule"
    __table_args__ = (UniqueConstraint("store_id"),)

    on_since: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    days_after_delivery: Mapped[int]
    days_after_fulfilment: Mapped[int]
    days_abroad: Mapped[int]
    hour: Mapped[int]
    reminders: Mapped[int]
    reminder_days: Mapped[int]
    link_days: Mapped[int]
    cooldown_days: Mapped[int]
    asks_for_photo: Mapped[bool]
    photo_days: Mapped[int]
    changed_at: Mapped[datetime | None]
    swept_at: Mapped[datetime | None]

    @property
    def is_on(self) -> bool:
        """Whether orders are asked for by themselves."""
        return self.on_since is not None

    @property
    def is_stopped(self) -> bool:
        """Whether somebody pressed the button that stops all mail."""
        return self.stopped_at is not None

    def wait_days(self, *, is_delivered: bool, is_abroad: bool, chosen: int | None = None) -> int:
        """Days from delivery, or from fulfilment while no delivery is known.

        `chosen` takes the place of the days after delivery for products that need less or more time; the way to
        the buyer is added to it as to the others.
        """
        if is_delivered:
            return self.days_after_delivery if chosen is None else chosen
        days = self.days_abroad if is_abroad else self.days_after_fulfilment
        return days if chosen is None else chosen + max(0, days - self.days_after_delivery)


class RequestWait(Identified, StoreOwned, Base):
    """One product that is asked for after days of its own."""

    __tablename__ = "request_wait"
    __table_args__ = (UniqueConstraint("store_id", "product_id"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    days: Mapped[int]


def default_rule(store_id: UUID) -> RequestRule:
    """The rule of a store that has said nothing yet: off."""
    return RequestRule(
        store_id=store_id,
        on_since=None,
        stopped_at=None,
        days_after_delivery=14,
        days_after_fulfilment=21,
        days_abroad=28,
        hour=10,
        reminders=1,
        reminder_days=7,
        link_days=90,
        cooldown_days=30,
        asks_for_photo=False,
        photo_days=7,
    )
