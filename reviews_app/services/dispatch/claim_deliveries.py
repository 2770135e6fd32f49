"""Takes due deliveries of one destination for a minute, with their bodies frozen and their tries written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, joinedload

from reviews_app.db.clock import database_now
from reviews_app.db.database import transaction
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.destination import HOLDING, Destination
from reviews_app.models.media import MediaState
from reviews_app.models.review import Review
from reviews_app.models.reward import Reward
from reviews_app.queries.order_numbers import OrderNumbers, order_numbers
from reviews_app.services.dispatch.free_slots import free_slots, take_slots
from reviews_app.services.dispatch.may_send import key_for, may_send
from reviews_app.services.freeze_body import freeze_body
from reviews_app.services.tools import Tools

LEASE = timedelta(seconds=60)
PICTURES_WAITED_FOR = timedelta(seconds=60)
# A backlog keeps the pace. What was left within the minute may go three times as fast: Kustomer counts by the minute.
FRESH = timedelta(seconds=60)
FRESH_FACTOR = 3.0
PICTURE_STEP = timedelta(seconds=2)
# Loaded with the rows: asked for one by one, they were half the work of a claim.
_REVIEW = joinedload(Delivery.review)
WHAT_A_BODY_NEEDS = (
    _REVIEW.selectinload(Review.media),
    _REVIEW.selectinload(Review.answers),
    _REVIEW.joinedload(Review.product),
    _REVIEW.joinedload(Review.variant),
    _REVIEW.joinedload(Review.reward).joinedload(Reward.coupon),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The `n`th try of one delivery, ours until its lease ends; `is_trial`: it goes with a key that is on trial."""

    delivery_id: UUID
    destination_id: UUID
    store_id: UUID
    lease_token: UUID
    n: int
    is_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(Tried):
    """The same with what is to be sent."""

    url: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """What was taken, and when to come back for more: seconds, or None when nothing is left for us."""

    destination_id: UUID
    rows: tuple[Claimed, ...] = ()
    come_back: float | None = None


def claim_deliveries(named: UUID, *, most: int, per_second: float, tools: Tools) -> Claim:
    """The named delivery if it is due, then further due ones of its destination: `most`, if it has the slots.

    Opens its own transaction. Takes none when the destination holds, is to be left alone, or nothing is due.
    """
    with transaction() as session:
        return claim_in(session, named, most=most, per_second=per_second, tools=tools)


def claim_in(session: Session, named: UUID, *, most: int, per_second: float, tools: Tools) -> Claim:
    """The same inside a transaction."""
    now = tools.clock()
    destination = _destination_of(session, named)
    if not may_send(session, destination, named, now=now):
        return Claim(destination.id)
    key = key_for(session, destination, tools=tools, now=now)
    moment = database_now(session)
    slots = free_slots(session, destination, now=moment)
    if key is None or slots.count < 1:
        return Claim(destination.id)
    if slots.wait > 0:
        return Claim(destination.id, come_back=slots.wait)
    due = _due(session, destination, named, slots=min(slots.count, most), now=now)
    rows = _claim(session, due, key=key, until=moment + LEASE, tools=tools, now=now)
    pace = per_second * FRESH_FACTOR if _are_fresh(due, now=now) else per_second
    rest = take_slots(destination, len(rows), per_second=pace, now=moment, tools=tools)
    return Claim(destination.id, rows=tuple(rows), come_back=rest if due else None)


def _destination_of(session: Session, delivery_id: UUID) -> Destination:
    """The delivery's destination, locked: one worker at a time counts its slots."""
    found = (
        select(Destination)
        .join(Delivery, Delivery.destination_id == Destination.id)
        .where(Delivery.id == delivery_id)
        .with_for_update(of=Destination)
        .execution_options(populate_existing=True)
    )
    return session.scalars(found).one()


def _due(session: Session, destination: Destination, named: UUID, *, slots: int, now: datetime) -> list[Delivery]:
    """The named one, then first tries before retries; the named one alone while the destination holds."""
    ids = [named]
    if destination.mode not in HOLDING:
        for turn in (Delivery.tries == 0, Delivery.tries > 0):
            ids += _next_ids(session, destination, turn, Delivery.id.not_in(ids), most=slots - len(ids), now=now)
    found = (
        select(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == DeliveryState.WAITING, Delivery.next_at <= now)
        .with_for_update(skip_locked=True, of=Delivery)
        .options(*WHAT_A_BODY_NEEDS)
    )
    return sorted(session.scalars(found), key=lambda row: ids.index(row.id))


def _next_ids(
    session: Session, destination: Destination, *which: ColumnElement[bool], most: int, now: datetime
) -> list[UUID]:
    """By the index and without what a body needs: a backlog of thousands is not sorted for the sake of two."""
    if most < 1:
        return []
    due = (
        select(Delivery.id)
        .where(
            Delivery.destination_id == destination.id,
            Delivery.state == DeliveryState.WAITING,
            Delivery.next_at <= now,
            *which,
        )
        .order_by(Delivery.next_at, Delivery.created_at)
        .limit(most)
    )
    return list(session.scalars(due))


def _are_fresh(rows: list[Delivery], *, now: datetime) -> bool:
    """Reviews left just now: a burst of shoppers is not a backlog, and may be faster for a moment."""
    return all(row.tries <= 1 and now - row.created_at < FRESH for row in rows)


def _claim(
    session: Session, due: list[Delivery], *, key: str, until: datetime, tools: Tools, now: datetime
) -> list[Claimed]:
    """One guarded UPDATE for all of them: whoever came first has them, and zero rows is no trouble."""
    waiting = [row for row in due if _pictures_are_in_work(row, now=now)]
    for row in waiting:
        row.next_at = now + PICTURE_STEP
    token = tools.make_id()
    taken = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_([row.id for row in due if row not in waiting]), Delivery.state == DeliveryState.WAITING)
        .values(
            state=DeliveryState.SENDING,
            tries=Delivery.tries + 1,
            lease_token=token,
            lease_until=until,
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session="evaluate")
    ).all()
    mine = [row for row in due if row.id in set(taken)]
    numbers = order_numbers(session, [row.review for row in mine if row.review is not None and row.body is None])
    # What is built reads a little more for each; written down is all of it together, at the end.
    with session.no_autoflush:
        return [_open(session, row, numbers, token=token, key=key, tools=tools, now=now) for row in mine]


def _open(
    session: Session, row: Delivery, numbers: OrderNumbers, *, token: UUID, key: str, tools: Tools, now: datetime
) -> Claimed:
    """Freeze the body and write the try down before it is made."""
    body = freeze_body(session, row, numbers, addresses=tools.addresses)
    session.add(Attempt(store_id=row.store_id, delivery_id=row.id, n=row.tries, trigger=row.trigger, started_at=now))
    return Claimed(
        delivery_id=row.id,
        destination_id=row.destination_id,
        store_id=row.store_id,
        lease_token=token,
        n=row.tries,
        is_trial=row.destination.is_on_trial,
        url=row.destination.url_in_use,
        key=key,
        body=body,
    )


def _pictures_are_in_work(row: Delivery, *, now: datetime) -> bool:
    if row.review is None or row.body is not None or now - row.created_at >= PICTURES_WAITED_FOR:
        return False
    return any(one.state is MediaState.UPLOADED for one in row.review.media)
