"""Writes down what a try came to: the delivery's next state and how the destination fares."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from reviews_app.integrations.kustomer.classify import Outcome, Result
from reviews_app.integrations.kustomer.schedule import wait_after
from reviews_app.models.delivery import Delivery, DeliveryKind, DeliveryState, Trigger
from reviews_app.models.destination import HOLDING, AttentionReason, Destination, Mode
from reviews_app.services.freeze_body import reduce_body
from reviews_app.services.hold_destination import activate, needs_attention

KEY_SECOND_TRY = timedelta(minutes=2)
SLOWEST_RATE = timedelta(seconds=60)
FAILING_REVIEWS = 5
FAILING_WITHIN = timedelta(minutes=10)
# How many answers of one class in a row need a person; 410 and a refused address at once.
ATTENTION = {
    Outcome.KEY: (2, AttentionReason.KEY),
    Outcome.HOOK_MISSING: (2, AttentionReason.HOOK_GONE),
    Outcome.HOOK_GONE: (1, AttentionReason.HOOK_GONE),
    Outcome.REDIRECT: (2, AttentionReason.REDIRECT),
    Outcome.CERTIFICATE: (3, AttentionReason.CERTIFICATE),
    Outcome.ADDRESS_REFUSED: (1, AttentionReason.ADDRESS_REFUSED),
    Outcome.REFUSED_BODY: (3, AttentionReason.REFUSED_BODY),
}
TROUBLE = frozenset({Outcome.SERVER, Outcome.NETWORK, Outcome.TIMEOUT})
TROUBLED = "trouble"
COUNTED_BY_REVIEW = TROUBLE | {Outcome.REFUSED_BODY}


class Recorder:
    """Records results with this installation's unit of time and chance."""

    def __init__(self, *, unit: float, spread: random.Random) -> None:
        self._unit = unit
        self._spread = spread

    def record(self, session: Session, row: Delivery, result: Result, *, now: datetime) -> None:
        """Move the delivery, count for the destination. The caller holds the row's lease and both locks."""
        destination = row.destination
        _count(destination, row, result.outcome, now=now, within=FAILING_WITHIN * self._unit)
        self._move(row, result, now=now)
        self._settle(session, destination, row, result, now=now)
        _end(row)

    def record_alone(self, row: Delivery, result: Result, *, now: datetime) -> None:
        """Move the delivery, and leave its destination as it stands: the try went with a key that is not kept."""
        self._move(row, result, now=now)
        _end(row)

    def _move(self, row: Delivery, result: Result, *, now: datetime) -> None:
        row.last_class = str(result.outcome)
        row.lease_token = None
        row.lease_until = None
        move = self._moves().get(result.outcome, self._by_schedule)
        move(row, result, now)
        if row.state is DeliveryState.FAILED and row.kind is DeliveryKind.LEFT:
            row.destination.is_refusal_untold = True

    def _moves(self) -> dict[Outcome, Callable[[Delivery, Result, datetime], None]]:
        return {
            Outcome.DELIVERED: _delivered,
            Outcome.REFUSED_BODY: _failed,
            Outcome.TOO_LARGE: _too_large,
            Outcome.RATE: self._rate,
            Outcome.KEY: self._key,
        }

    def _by_schedule(self, row: Delivery, result: Result, now: datetime) -> None:
        row.scheduled_tries += 1
        wait = max(wait_after(row.scheduled_tries, unit=self._unit, spread=self._spread), result.wait or timedelta(0))
        row.state = DeliveryState.WAITING
        row.next_at = now + wait
        if row.next_at > row.deadline_at:
            row.state = DeliveryState.FAILED

    def _key(self, row: Delivery, result: Result, now: datetime) -> None:
        row.state = DeliveryState.WAITING
        row.next_at = now + max(KEY_SECOND_TRY * self._unit, result.wait or timedelta(0))

    def _rate(self, row: Delivery, result: Result, now: datetime) -> None:
        """Not charged against the schedule: the whole destination is left alone until it said to come back."""
        until = now + max(result.wait or timedelta(0), SLOWEST_RATE * self._unit)
        row.state = DeliveryState.WAITING
        row.next_at = until
        if row.destination.mode in {Mode.ACTIVE, Mode.THROTTLED}:
            row.destination.mode = Mode.THROTTLED
            row.destination.throttled_until = until
            row.destination.probe_at = None

    def _settle(
        self, session: Session, destination: Destination, row: Delivery, result: Result, *, now: datetime
    ) -> None:
        """What the result means for the whole destination."""
        if result.outcome is Outcome.DELIVERED:
            if destination.mode in {Mode.THROTTLED, Mode.NEEDS_ATTENTION}:
                activate(session, destination, now=now)
            return
        limit = ATTENTION.get(result.outcome)
        if limit is not None and destination.same_class_count >= limit[0] and destination.mode is not Mode.OFF:
            needs_attention(session, destination, limit[1], detail=result.cause, now=now)
            if row.state is DeliveryState.WAITING:
                row.state = DeliveryState.HELD
        elif result.outcome in TROUBLE and destination.same_class_count >= FAILING_REVIEWS:
            self._throttle(destination, now=now)

    def _throttle(self, destination: Destination, *, now: datetime) -> None:
        """Several reviews fail: the destination itself is in trouble, so one probe at a time."""
        if destination.mode is Mode.ACTIVE:
            destination.mode = Mode.THROTTLED
            destination.throttled_until = None
            destination.probe_at = now + FAILING_WITHIN * self._unit


def _delivered(row: Delivery, _result: Result, now: datetime) -> None:
    row.state = DeliveryState.DELIVERED
    row.delivered_at = row.delivered_at or now
    row.trigger = Trigger.AUTO
    row.destination.last_delivered_at = now


def _failed(row: Delivery, _result: Result, _now: datetime) -> None:
    row.state = DeliveryState.FAILED


def _too_large(row: Delivery, result: Result, now: datetime) -> None:
    if row.is_reduced:
        row.state = DeliveryState.FAILED
        return
    reduce_body(row)
    row.state = DeliveryState.WAITING
    row.next_at = now + (result.wait or timedelta(0))


def _count(destination: Destination, row: Delivery, outcome: Outcome, *, now: datetime, within: timedelta) -> None:
    """How many of one kind in a row. Troubles and refused bodies count reviews, not tries; troubles of ten minutes."""
    kind = _kind(outcome)
    if destination.last_class != kind or outcome is Outcome.DELIVERED:
        _begin_count(destination, kind, now=now)
        return
    if outcome in COUNTED_BY_REVIEW and _kind(row.last_class) == kind:
        return
    if kind == TROUBLED and now - (destination.failing_since or now) > within:
        _begin_count(destination, kind, now=now)
        return
    destination.same_class_count += 1


def _begin_count(destination: Destination, kind: str, *, now: datetime) -> None:
    destination.last_class = kind
    destination.same_class_count = 1
    destination.failing_since = None if kind == Outcome.DELIVERED else now


def _kind(outcome: str) -> str:
    return TROUBLED if outcome in TROUBLE else str(outcome)


def _end(row: Delivery) -> None:
    """Three whose tries end otherwise: a canary is held again, a test is over, a delivered one stays delivered."""
    if row.delivered_at is not None:
        row.state = DeliveryState.DELIVERED
    elif row.trigger is Trigger.CANARY and row.state is DeliveryState.WAITING and row.destination.mode in HOLDING:
        row.state = DeliveryState.HELD
    elif row.kind is DeliveryKind.TEST and row.state is DeliveryState.HELD:
        row.state = DeliveryState.FAILED
    if row.trigger is Trigger.CANARY:
        row.trigger = Trigger.AUTO
