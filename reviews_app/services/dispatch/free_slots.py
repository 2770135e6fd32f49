"""How much one destination may be sent at this moment: two at a time, sixteen a second, so that none crowds others.

Asked and taken under the destination's lock, by the database's clock: all workers count together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.services.tools import Tools

# A key that is refused is noticed after two requests, four when two jobs meet.
SLOTS = 2
# 960 a minute: below the 1,000 Kustomer's smaller plan allows a hook.
PER_SECOND = 16.0
PROBE_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Slots:
    """How many may be taken, and for how many seconds none."""

    count: int
    wait: float = 0.0


def free_slots(session: Session, destination: Destination, *, now: datetime) -> Slots:
    """Room at an active destination; one at any other, where a probe, a canary or a test goes alone.

    `now` by the database's clock.
    """
    if destination.mode is not Mode.ACTIVE:
        return Slots(1)
    under_way = (
        select(func.count())
        .select_from(Delivery)
        .where(
            Delivery.destination_id == destination.id,
            Delivery.state == DeliveryState.SENDING,
            Delivery.lease_until > now,
        )
    )
    paced = destination.probe_at
    wait = max((paced - now).total_seconds(), 0.0) if paced is not None else 0.0
    return Slots(SLOTS - (session.scalar(under_way) or 0), wait)


def take_slots(destination: Destination, count: int, *, per_second: float, now: datetime, tools: Tools) -> float:
    """Note when the next may follow: by the pace, or in ten minutes while all fail. Gives the rest in seconds."""
    unit = tools.settings.delivery_time_unit
    rest = timedelta(seconds=count / per_second) * unit
    if count and destination.mode is Mode.ACTIVE:
        destination.probe_at = now + rest
    elif count and destination.mode is Mode.THROTTLED:
        destination.probe_at = tools.clock() + PROBE_EVERY * unit
    return rest.total_seconds()
