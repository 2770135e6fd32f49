"""Whose turn it is: destinations are served round robin, and none holds the worker while it rests."""

import time
from math import inf
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from reviews_app.db.database import session
from reviews_app.lib.clock import Clock
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Destination, Mode

# One that has no room or nothing left is not asked again at once.
LEFT_ALONE_SECONDS = 0.5


class Turns:
    """Remembers, within one job, until when each destination rests."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rests_until: dict[UUID, float] = {}
        self._paced: set[UUID] = set()
        self._left_alone: set[UUID] = set()
        self._had_a_turn: set[UUID] = set()

    def rest(self, destination_id: UUID, come_back: float | None) -> None:
        """It was served just now; `come_back` in seconds, None when there is nothing for us."""
        joins, leaves = (self._left_alone, self._paced) if come_back is None else (self._paced, self._left_alone)
        joins.add(destination_id)
        leaves.discard(destination_id)
        self._had_a_turn.add(destination_id)
        self._rests_until[destination_id] = time.monotonic() + (LEFT_ALONE_SECONDS if come_back is None else come_back)

    def have_room(self, destination_ids: set[UUID]) -> None:
        """A request of theirs has come back: if they were left alone for want of a slot, they need not be."""
        for one in destination_ids & self._left_alone:
            self._rests_until[one] = 0.0

    def waiting(self) -> UUID | None:
        """A delivery that is due now at a destination that does not rest; all have a turn before one has a second."""
        now = time.monotonic()
        resting = {one for one, until in self._rests_until.items() if until > now}
        found = self._first(Destination.id.not_in(resting | self._had_a_turn))
        if found is None and self._had_a_turn - resting:
            self._had_a_turn.clear()
            found = self._first(Destination.id.not_in(resting))
        return found

    def seconds_to_pace(self) -> float:
        """How long until the first of those that keep their pace may have more, whether it has more or not."""
        now = time.monotonic()
        return min((self._rests_until[one] - now for one in self._paced if self._rests_until[one] > now), default=inf)

    def seconds_to_next(self) -> float | None:
        """How long until a destination that keeps its pace takes more; None when none has anything due."""
        if self._first(Destination.id.in_(self._paced)) is None:
            return None
        return max(min(self._rests_until[one] for one in self._paced) - time.monotonic(), 0.0)

    def anything(self) -> UUID | None:
        """Any delivery that is due, for the ring at the end."""
        return self._first(true())

    def _first(self, of_these: ColumnElement[bool]) -> UUID | None:
        """Asked by destination, not by delivery: a backlog of thousands is one look into an index."""
        due = (
            select(Delivery.id)
            .where(
                Delivery.destination_id == Destination.id,
                Delivery.state == DeliveryState.WAITING,
                Delivery.next_at <= self._clock(),
            )
            .order_by(Delivery.next_at)
            .limit(1)
            .correlate(Destination)
            .scalar_subquery()
        )
        reading = session()
        reading.rollback()
        found = reading.scalar(select(due).where(Destination.mode == Mode.ACTIVE, of_these, due.is_not(None)).limit(1))
        reading.rollback()
        return found
