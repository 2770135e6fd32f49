"""Writes down what became of a batch of mails, in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.lib.enhanced_status import Verdict, verdict
from reviews_app.mail.refusals import MailCut, MailNotTaken, MailRefused
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.dispatch.claim_mails import GIVE_UP, Claimed
from reviews_app.services.settle_mails import count_cut
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.tools import Tools

# Seconds after the first, second, ... try that failed; then every two hours. Greylisting asks for 5 to 30 minutes.
WAITS = (30, 120, 600, 1800, 3600)
LATER = 7200
HAS_LEFT = {"state": MailState.SENT, "message": None, "lease_token": None, "lease_until": None, "last_error": ""}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try ended: taken, or why not."""

    failure: MailNotTaken | MailRefused | None = None


def record_mails(batch: list[Claimed], outcomes: dict[UUID, Outcome], *, tools: Tools) -> set[UUID]:
    """Each row whose lease is still ours; gives the mails that left. What was not begun is due again untried."""
    now = tools.clock()
    taken = [one for one in batch if one.mail_id in outcomes and outcomes[one.mail_id].failure is None]
    with transaction() as session:
        left = _taken(session, taken, now=now)
        leases = {one.mail_id: one.lease_token for one in batch if one.mail_id not in left}
        mine = select(OutgoingMail).where(OutgoingMail.id.in_(leases)).order_by(OutgoingMail.id).with_for_update()
        for row in session.scalars(mine).all():
            if row.lease_token != leases[row.id]:
                continue
            row.lease_token = row.lease_until = None
            _record(session, row, outcomes.get(row.id), now=now, tools=tools)
            if row.state is MailState.SENT:
                left.add(row.id)
    return left


def _taken(session: Session, taken: list[Claimed], *, now: datetime) -> set[UUID]:
    """What a server took, in one statement; gives those whose lease was still ours. What came back meanwhile is left
    to be looked at by itself."""
    leases = {one.mail_id: one.lease_token for one in taken}
    mail = OutgoingMail
    rows = select(mail.id, mail.lease_token).where(mail.id.in_(leases), mail.bounced_at.is_(None)).order_by(mail.id)
    mine = {row.id for row in session.execute(rows.with_for_update()) if row.lease_token == leases[row.id]}
    left = update(mail).where(mail.id.in_(mine)).values(HAS_LEFT | {"sent_at": now})
    session.execute(left, execution_options={"synchronize_session": False})
    return mine


def _record(session: Session, row: OutgoingMail, outcome: Outcome | None, *, now: datetime, tools: Tools) -> None:
    failure = outcome.failure if outcome else None
    if row.bounced_at is not None:
        # It came back meanwhile, so it left, and what came back says more than how this try ended.
        row.has_left(now)
        return
    row.last_error = str(failure or "")
    if outcome is None:
        row.state, row.tries = MailState.WAITING, row.tries - 1
    elif failure is None:
        row.has_left(now)
    elif isinstance(failure, MailRefused):
        row.state = MailState.FAILED
        _suppress(session, row, failure, tools=tools)
    else:
        _try_again(row, now=now)
        if isinstance(failure, MailCut):
            count_cut(row)
    if row.state is not MailState.WAITING:
        row.message = None


def _try_again(row: OutgoingMail, *, now: datetime) -> None:
    row.next_at = now + timedelta(seconds=WAITS[row.tries - 1] if row.tries <= len(WAITS) else LATER)
    # One that was held back for days has been tried less often than its age says.
    is_given_up = now - row.created_at >= GIVE_UP and row.tries > len(WAITS)
    row.state = MailState.FAILED if is_given_up else MailState.WAITING


def _suppress(session: Session, row: OutgoingMail, failure: MailRefused, *, tools: Tools) -> None:
    """The server said for good that there is no such mailbox (5.1.x): nobody asks there again."""
    if row.store_id is not None and verdict(failure.status) is Verdict.GONE:
        suppress_address(
            session,
            row.store_id,
            row.recipient,
            SuppressionReason.BOUNCED,
            clock=tools.clock,
            detail=str(failure),
        )
