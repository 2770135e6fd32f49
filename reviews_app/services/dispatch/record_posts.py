"""Writes down what requests came to: all that ended, in one transaction, each guarded by its lease."""

import random
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from reviews_app.db.database import transaction
from reviews_app.integrations.kustomer.classify import Outcome, Result
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.destination import Destination
from reviews_app.services.dispatch.claim_deliveries import Tried
from reviews_app.services.end_trial import Trial, end_trial
from reviews_app.services.record_delivery import Recorder
from reviews_app.services.tools import Tools

log = structlog.get_logger()
Done = Sequence[tuple[Tried, Result]]


def record_posts(done: Done, *, tools: Tools) -> int:
    """Opens its own transaction; gives how many arrived."""
    if not done:
        return 0
    with transaction() as writing:
        arrived = record_in(writing, done, tools=tools)
    for claimed, result in done:
        _tell(claimed, result)
    return arrived


def record_in(writing: Session, done: Done, *, tools: Tools) -> int:
    """The same inside a transaction."""
    recorder = Recorder(unit=tools.settings.delivery_time_unit, spread=random.SystemRandom())
    ids = [claimed.delivery_id for claimed, _ in done]
    _lock_destinations(writing, {claimed.destination_id for claimed, _ in done})
    rows = {row.id: row for row in writing.scalars(_locked(ids))}
    attempts = {(one.delivery_id, one.n): one for one in writing.scalars(_attempts(ids))}
    # A person may have been erased meanwhile, rows and all.
    known = [(claimed, result) for claimed, result in done if claimed.delivery_id in rows]
    for claimed, result in known:
        _finish(attempts.get((claimed.delivery_id, claimed.n)), result, now=tools.clock())
        if rows[claimed.delivery_id].lease_token == claimed.lease_token:
            _settle(writing, rows[claimed.delivery_id], claimed, result, recorder=recorder, now=tools.clock())
    return sum(rows[claimed.delivery_id].state is DeliveryState.DELIVERED for claimed, _ in known)


def _settle(
    writing: Session, row: Delivery, claimed: Tried, result: Result, *, recorder: Recorder, now: datetime
) -> None:
    if claimed.is_trial and end_trial(row.destination, result, now=now) is Trial.FAILED:
        recorder.record_alone(row, result, now=now)
    else:
        recorder.record(writing, row, result, now=now)


def _tell(claimed: Tried, result: Result) -> None:
    """One line a try: ids and what came of it, never what was sent or answered."""
    say = log.info if result.outcome is Outcome.DELIVERED else log.warning
    say(
        "delivery tried",
        delivery=str(claimed.delivery_id),
        store=str(claimed.store_id),
        attempt=claimed.n,
        outcome=str(result.outcome),
        status=result.status,
    )


def _lock_destinations(writing: Session, ids: set[UUID]) -> None:
    """In one order, so that two workers never wait for each other."""
    found = select(Destination).where(Destination.id.in_(ids)).order_by(Destination.id)
    writing.scalars(found.with_for_update()).all()


def _locked(ids: list[UUID]) -> Select[Delivery]:
    found = select(Delivery).where(Delivery.id.in_(ids)).options(joinedload(Delivery.destination))
    return found.with_for_update(of=Delivery).order_by(Delivery.id)


def _attempts(ids: list[UUID]) -> Select[Attempt]:
    return select(Attempt).where(Attempt.delivery_id.in_(ids), Attempt.finished_at.is_(None))


def _finish(attempt: Attempt | None, result: Result, *, now: datetime) -> None:
    """Write down what the try came to; one taken back meanwhile stays "unknown outcome"."""
    if attempt is None:
        return
    attempt.finished_at = now
    attempt.status = result.status
    attempt.outcome = str(result.outcome)
    attempt.cause = result.cause
    attempt.answer_head = result.head.replace("\0", "")
