"""Sends one mail: claim, call, record, with no transaction open during the call."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import structlog
from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.lib.sealed import SealBroken
from reviews_app.mail.sender import MailNotTaken, MailRefused, SendMail
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.services.drop_mail import drop_unwanted, is_stopped
from reviews_app.services.tools import Tools

LEASE = timedelta(seconds=60)
GIVE_UP = timedelta(days=3)
# Seconds after the first, second, ... try that failed; then every two hours.
WAITS = (30, 120, 600, 1800, 3600)
LATER = 7200
# How soon a mail looks again whether its store lets mail go on.
STOPPED = timedelta(seconds=30)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is ours for a minute."""

    mail_id: UUID
    lease_token: UUID
    message: bytes
    sender: str
    recipient: str


def send_mail(mail_id: UUID, *, tools: Tools, send: SendMail) -> bool:
    """Send the mail if it is due and nobody else is; gives whether it left. May run twice, a sent mail stays sent."""
    claimed = _claim(mail_id, tools=tools)
    if claimed is None:
        return False
    try:
        send(claimed.message, claimed.sender, claimed.recipient)
    except MailRefused as refused:
        _record(claimed, tools=tools, error=str(refused), final=MailState.FAILED)
    except MailNotTaken as refused:
        _record(claimed, tools=tools, error=str(refused), final=None)
    else:
        _record(claimed, tools=tools, error="", final=MailState.SENT)
        return True
    return False


def _claim(mail_id: UUID, *, tools: Tools) -> Claimed | None:
    now = tools.clock()
    with transaction() as session:
        token = tools.make_id()
        taken = _take(session, mail_id, token=token, now=now)
        row = session.get(OutgoingMail, mail_id, populate_existing=True)
        if not taken or row is None or row.message is None or _is_held_back(session, row, now=now):
            return None
        try:
            message = tools.keyring.open(row.message).encode("ascii")
        except SealBroken as broken:
            log.error("mail held: its seal cannot be opened", mail=str(mail_id), cause=str(broken))
            _hold_sealed(row, now=now)
            return None
        sender = message_from_bytes(message, policy=default)["From"].addresses[0].addr_spec
        return Claimed(mail_id, token, message, sender, row.recipient)


def _is_held_back(session: Session, row: OutgoingMail, *, now: datetime) -> bool:
    """Whoever said no, or has nothing left to review, after the mail was queued does not get it: it is cancelled here,
    the last moment it can be. While a store stopped its mail it waits."""
    if is_stopped(session, row):
        row.state, row.lease_token, row.next_at = MailState.WAITING, None, now + STOPPED
        return True
    return drop_unwanted(session, row, now=now)


def _hold_sealed(row: OutgoingMail, *, now: datetime) -> None:
    """The key may come back; one that stays lost must not stand in the way of the next rotation for ever."""
    row.lease_token = None
    row.last_error = "No encryption key opens this mail."
    row.next_at = now + timedelta(seconds=LATER)
    row.state = MailState.WAITING
    if now - row.created_at >= GIVE_UP:
        row.state, row.message = MailState.FAILED, None


def _take(session: Session, mail_id: UUID, *, token: UUID, now: datetime) -> bool:
    mail = OutgoingMail
    claim = (
        update(mail)
        .where(mail.id == mail_id, mail.state == MailState.WAITING, mail.next_at <= now)
        .values(state=MailState.SENDING, lease_token=token, lease_until=now + LEASE, tries=mail.tries + 1)
        .execution_options(synchronize_session=False)
    )
    result = session.execute(claim)
    return isinstance(result, CursorResult) and result.rowcount == 1


def _record(claimed: Claimed, *, tools: Tools, error: str, final: MailState | None) -> None:
    """Write the outcome, unless the lease has passed to somebody else meanwhile."""
    now = tools.clock()
    with transaction() as session:
        row = session.get(OutgoingMail, claimed.mail_id)
        if row is None or row.lease_token != claimed.lease_token:
            return
        row.lease_token = None
        row.last_error = error
        too_old = now - row.created_at >= GIVE_UP
        row.state = final or (MailState.FAILED if too_old else MailState.WAITING)
        row.next_at = now + timedelta(seconds=WAITS[row.tries - 1] if row.tries <= len(WAITS) else LATER)
        if row.state is MailState.SENT:
            row.sent_at = now
        if row.state is not MailState.WAITING:
            row.message = None
