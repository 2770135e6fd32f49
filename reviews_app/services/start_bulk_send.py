"""Begins to send many reviews: counts them, writes the row, takes the first step."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.bulk_send import BulkKind, BulkSend
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Destination
from reviews_app.queries.unsent_reviews import count_unsent
from reviews_app.services.continue_bulk_send import continue_bulk_send

REPLAYABLE = frozenset({DeliveryState.DELIVERED, DeliveryState.FAILED})


class NothingToSend(Exception):
    """There is no review of that kind."""


class NotReplayable(Exception):
    """Only what arrived or was refused can be sent again: what waits or is held goes by itself."""


def send_past(
    session: Session, destination: Destination, *, limit: int | None = None, since: datetime | None = None, clock: Clock
) -> BulkSend:
    """Send reviews that have no delivery: the newest `limit`, or all since a moment. Raises NothingToSend."""
    count = count_unsent(session, destination, since=since)
    total = count if limit is None else min(count, limit)
    return _start(session, BulkSend(kind=BulkKind.PAST, since=since, total=total), destination, clock=clock)


def send_again(session: Session, destination: Destination, *, state: DeliveryState, clock: Clock) -> BulkSend:
    """Send again every review that stands in `state` now. Raises NothingToSend, NotReplayable."""
    if state not in REPLAYABLE:
        raise NotReplayable
    standing = select(func.count()).where(Delivery.destination_id == destination.id, Delivery.state == state)
    total = session.scalar(standing.where(Delivery.review_id.is_not(None))) or 0
    return _start(session, BulkSend(kind=BulkKind.AGAIN, state=state, total=total), destination, clock=clock)


def _start(session: Session, bulk: BulkSend, destination: Destination, *, clock: Clock) -> BulkSend:
    if bulk.total == 0:
        raise NothingToSend
    bulk.store_id = destination.store_id
    bulk.destination_id = destination.id
    bulk.created_at = clock()
    session.add(bulk)
    session.flush()
    continue_bulk_send(session, bulk.id, clock=clock)
    return bulk
