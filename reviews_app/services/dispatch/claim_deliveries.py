"""Takes due deliveries of one destination for a minute, with their bodies frozen and their tries written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from reviews_app.db.clock import database_now
from reviews_app.db.database import transaction
from reviews_app.integrations.kustomer.api_url import ApiUrlRefused, check_api_url
from reviews_app.lib.sealed import SealBroken
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState, Trigger
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.models.media import MediaState
from reviews_app.services.freeze_body import freeze_body
from reviews_app.services.hold_destination import hold_all, needs_attention
from reviews_app.services.tools import Tools

LEASE = timedelta(seconds=60)
PICTURES_WAITED_FOR = timedelta(seconds=60)
PICTURE_STEP = timedelta(seconds=2)
PROBE_EVERY = timedelta(minutes=10)
HOLDING = frozenset({Mode.PAUSED, Mode.NEEDS_ATTENTION, Mode.OFF})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery that is ours until its lease ends."""

    delivery_id: UUID
    lease_token: UUID
    n: int
    url: str
    key: str
    body: bytes


def claim_deliveries(first: UUID, *, slots: int, tools: Tools) -> list[Claimed]:
    """The named delivery if it is due, then further due ones of its destination, at most `slots` in all.

    Opens its own transaction. Gives none when the destination holds, is asked to be left alone, or nothing is due.
    """
    with transaction() as session:
        now = tools.clock()
        destination = _destination_of(session, first)
        if destination is None or not _may_send(session, destination, first, now=now):
            return []
        key = _opened_key(session, destination, tools=tools, now=now)
        if key is None or not _address_passes(session, destination, tools=tools, now=now):
            return []
        if destination.mode is Mode.THROTTLED or destination.mode in HOLDING:
            slots = 1
        rows = _due(session, destination, first, slots=slots, now=now)
        return [one for row in rows if (one := _claim(session, row, key=key, tools=tools, now=now)) is not None]


def _destination_of(session: Session, delivery_id: UUID) -> Destination | None:
    found = (
        select(Destination)
        .join(Delivery, Delivery.destination_id == Destination.id)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.WAITING)
        .with_for_update(of=Destination)
        .execution_options(populate_existing=True)
    )
    return session.scalar(found)


def _may_send(session: Session, destination: Destination, first: UUID, *, now: datetime) -> bool:
    if destination.mode is Mode.ACTIVE:
        return True
    if destination.mode is Mode.THROTTLED:
        return _may_probe(destination, now=now)
    row = session.get(Delivery, first)
    if row is not None and row.trigger in {Trigger.CANARY, Trigger.TEST} and destination.api_key is not None:
        return True
    hold_all(session, destination)
    return False


def _may_probe(destination: Destination, *, now: datetime) -> bool:
    """One probe every ten minutes while a whole destination fails; none before it said to come back."""
    until = destination.throttled_until
    if until is not None and now < until:
        return False
    if destination.probe_at is not None and now < destination.probe_at:
        return False
    destination.probe_at = now + PROBE_EVERY
    return True


def _opened_key(session: Session, destination: Destination, *, tools: Tools, now: datetime) -> str | None:
    try:
        if destination.api_key is not None:
            return tools.keyring.open(destination.api_key)
        detail = "No API key is saved."
    except SealBroken as broken:
        log.error("deliveries held: the API key cannot be opened", destination=str(destination.id), cause=str(broken))
        detail = "The saved API key can no longer be opened. Save it once more."
    needs_attention(session, destination, AttentionReason.KEY, detail=detail, now=now)
    return None


def _address_passes(session: Session, destination: Destination, *, tools: Tools, now: datetime) -> bool:
    try:
        check_api_url(destination.api_url, extra_origins=tools.settings.extra_origins)
    except ApiUrlRefused as refused:
        needs_attention(session, destination, AttentionReason.ADDRESS_REFUSED, detail=str(refused), now=now)
        return False
    return True


def _due(session: Session, destination: Destination, first: UUID, *, slots: int, now: datetime) -> list[Delivery]:
    due = select(Delivery).where(
        Delivery.destination_id == destination.id,
        Delivery.state == DeliveryState.WAITING,
        Delivery.next_at <= now,
    )
    named = session.scalars(due.where(Delivery.id == first).with_for_update(skip_locked=True, of=Delivery)).all()
    others = session.scalars(
        due.where(Delivery.id != first)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(slots - len(named))
        .with_for_update(skip_locked=True, of=Delivery)
    ).all()
    return [*named, *others]


def _claim(session: Session, row: Delivery, *, key: str, tools: Tools, now: datetime) -> Claimed | None:
    if _pictures_are_in_work(row, now=now):
        row.next_at = now + PICTURE_STEP
        return None
    token = tools.make_id()
    lease = {"state": DeliveryState.SENDING, "lease_token": token, "lease_until": database_now(session) + LEASE}
    taken = session.execute(
        update(Delivery)
        .where(Delivery.id == row.id, Delivery.state == DeliveryState.WAITING)
        .values(tries=Delivery.tries + 1, **lease)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(taken, CursorResult) or taken.rowcount != 1:
        return None
    session.refresh(row)
    body = freeze_body(session, row, addresses=tools.addresses)
    session.add(Attempt(store_id=row.store_id, delivery_id=row.id, n=row.tries, trigger=row.trigger, started_at=now))
    return Claimed(row.id, token, row.tries, row.destination.api_url, key, body)


def _pictures_are_in_work(row: Delivery, *, now: datetime) -> bool:
    if row.review is None or row.body is not None or now - row.created_at >= PICTURES_WAITED_FOR:
        return False
    return any(one.state is MediaState.UPLOADED for one in row.review.media)
