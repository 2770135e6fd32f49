"""Claims mails that are due: as many as each store's and each provider's pace allows, each for one sender."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from reviews_app.db.database import transaction
from reviews_app.db.locks import wait_for_others
from reviews_app.lib.bounce_address import bounce_address
from reviews_app.lib.sealed import SealBroken
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.queries.mail_grounds import MailGrounds, mail_grounds
from reviews_app.queries.mails_lately import AHEAD, OURS
from reviews_app.services.drop_mail import OrderBusy, drop_unwanted, is_stopped
from reviews_app.services.hold_mail import held_until
from reviews_app.services.tools import Tools

# A batch begins no mail after a second and one may take a hundred: below this.
LEASE = timedelta(seconds=150)
PACE_SECONDS = 1.0
GIVE_UP = timedelta(days=3)
# How soon a mail looks again whether its store lets mail go on.
STOPPED = timedelta(seconds=30)
BUSY = timedelta(seconds=1)
SEAL_LOST_WAIT = timedelta(hours=2)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is ours until its lease is over."""

    mail_id: UUID
    lease_token: UUID
    message: bytes
    sender: str
    recipient: str


def claim_mails(most: int, *, tools: Tools) -> list[Claimed]:
    """Up to so many due mails, the longest waiting first; who may not be asked any more is cancelled on the way."""
    now = tools.clock()
    with transaction() as session:
        # All senders count together what left in the last second.
        wait_for_others(session, "mails are claimed")
        rows = _in_pace(session, most, now=now, tools=tools)
        grounds = mail_grounds(session, rows, now=now)
        free = (row for row in rows if not _is_held_back(session, row, grounds, tools=tools))
        claimed = (_claim(row, grounds, now=now, tools=tools) for row in free)
        return [one for one in claimed if one is not None]


def is_anything_due(session: Session, *, now: datetime) -> UUID | None:
    """Any mail that is due, whatever the pace."""
    return session.scalar(select(OutgoingMail.id).where(*is_due(now)).limit(1))


def is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Waiting, and its time has come."""
    return OutgoingMail.state == MailState.WAITING, OutgoingMail.next_at <= now


def _in_pace(session: Session, most: int, *, now: datetime, tools: Tools) -> list[OutgoingMail]:
    """Of those due, as many as may leave now; a store or provider that is full does not hold up the others."""
    per_store = max(1, int(tools.settings.mail_per_second_store * PACE_SECONDS))
    per_provider = max(1, int(tools.settings.mail_per_second_provider * PACE_SECONDS))
    stores, providers = _lately(session, OutgoingMail.store_id, now), _lately(session, OutgoingMail.provider, now)
    full_stores = [name for name, count in stores.items() if count >= per_store]
    full_providers = [name for name, count in providers.items() if count >= per_provider]
    picked = []
    for row in session.scalars(_due_outside(now, full_stores, full_providers).limit(most)).all():
        if (row.store_id is None or stores[row.store_id] < per_store) and providers[row.provider] < per_provider:
            stores[row.store_id] += 1
            providers[row.provider] += 1
            picked.append(row)
    return picked


def _due_outside(now: datetime, stores: list[UUID], providers: list[str]) -> Select[OutgoingMail]:
    mail = OutgoingMail
    due = select(mail).where(
        *is_due(now), or_(mail.store_id.is_(None), mail.store_id.not_in(stores)), mail.provider.not_in(providers)
    )
    return due.order_by(mail.next_at, mail.id).with_for_update(skip_locked=True)


def _lately(session: Session, by: InstrumentedAttribute[Any], now: datetime) -> Counter[Any]:
    """How many of each are under way or left within the last second."""
    mail = OutgoingMail
    under_way = and_(mail.state == MailState.SENDING, mail.lease_until > now, mail.lease_until <= now + LEASE + AHEAD)
    left = and_(mail.sent_at > now - timedelta(seconds=PACE_SECONDS), mail.sent_at <= now + AHEAD)
    counted = session.execute(select(by, func.count()).where(or_(under_way, left)).group_by(by))
    return Counter({row[0]: row[1] for row in counted})


def _is_held_back(session: Session, row: OutgoingMail, grounds: MailGrounds, *, tools: Tools) -> bool:
    """Whoever said no, or has nothing left to review, after the mail was queued does not get it: it is cancelled here,
    the last moment it can be. It waits while a store stopped its mail, while somebody changes its order, at night,
    and while its buyer got enough."""
    now = tools.clock()
    if is_stopped(row, grounds):
        row.next_at = now + STOPPED
        return True
    try:
        if drop_unwanted(session, row, grounds, tools=tools):
            return True
    except OrderBusy:
        row.next_at = now + BUSY
        return True
    except SealBroken:
        _hold_sealed(row, now=now)
        return True
    until = held_until(session, row, grounds, now=now)
    row.next_at = until or row.next_at
    return until is not None


def _claim(row: OutgoingMail, grounds: MailGrounds, *, now: datetime, tools: Tools) -> Claimed | None:
    if row.message is None:
        row.state = MailState.FAILED
        return None
    try:
        message = tools.keyring.open(row.message).encode("ascii")
    except SealBroken as broken:
        log.error("mail held: its seal cannot be opened", mail=str(row.id), cause=str(broken))
        _hold_sealed(row, now=now)
        return None
    row.state, row.lease_token, row.lease_until = MailState.SENDING, tools.make_id(), now + LEASE
    row.tries += 1
    if row.kind not in OURS:
        grounds.room.take(row.mailbox)
    settings = tools.settings
    sender = bounce_address(settings.bounce_address, row.id, secret=settings.secret_key)
    return Claimed(row.id, row.lease_token, message, sender or row.sender or settings.sender, row.recipient)


def _hold_sealed(row: OutgoingMail, *, now: datetime) -> None:
    """The key may come back; one that stays lost must not stand in the way of the next rotation for ever."""
    row.lease_token = None
    row.last_error = "No encryption key opens this mail."
    row.next_at = now + SEAL_LOST_WAIT
    row.state = MailState.WAITING
    if now - row.created_at >= GIVE_UP:
        row.state, row.message = MailState.FAILED, None
