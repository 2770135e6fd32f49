"""Sends due mails: claim a batch, hand it over on one line, record it; no transaction is open meanwhile."""

import time
from functools import partial
from uuid import UUID

import structlog

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.database import session, transaction
from reviews_app.db.job_names import JobName
from reviews_app.lib.journal import Journal, journal
from reviews_app.mail.refusals import LineDown, MailCut, MailNotTaken, MailRefused
from reviews_app.mail.sender import SendMail
from reviews_app.services.dispatch.claim_mails import Claimed, claim_mails, is_anything_due
from reviews_app.services.dispatch.record_mails import Outcome, record_mails
from reviews_app.services.settle_mails import journal_folder, settle_mails
from reviews_app.services.tools import Tools

GOES_ON_SECONDS = 20.0
# A batch begins no further mail after this long: what is said against one counts from then on, whatever the server
# takes for a mail. Its leases must outlast it.
BATCH_SECONDS = 1.0
# A batch is as large as the last let it hope for; the first ones are small.
FIRST_BATCH, LARGEST_BATCH = 25, 100
PACE_WAIT_SECONDS = 0.2

log = structlog.get_logger()


def send_mail(mail_id: UUID, *, tools: Tools, send: SendMail) -> bool:
    """Send what is due, that mail among it; gives whether that mail left. May run twice, a sent mail stays sent."""
    return mail_id in send_due_mails(tools=tools, send=send)


def send_due_mails(*, tools: Tools, send: SendMail, seconds: float = GOES_ON_SECONDS) -> set[UUID]:
    """Go on with whatever is due, batch by batch, for some seconds; gives the mails that left.

    While a pace is full it waits. A server that takes no mail at all ends it: what is due stays due. When the
    time is over and more is due, the bell is rung again.
    """
    stop_at = time.monotonic() + seconds
    left: set[UUID] = set()
    most = FIRST_BATCH
    with transaction() as writing:
        settle_mails(writing, tools=tools)
    with journal(journal_folder(tools)) as noted:
        while time.monotonic() < stop_at:
            batch = claim_mails(most, tools=tools)
            if not batch and not _is_held_by_pace(tools):
                return left
            if not batch:
                time.sleep(PACE_WAIT_SECONDS)
                continue
            outcomes = _send_batch(batch, send=send, noted=noted)
            left |= record_mails(batch, outcomes, tools=tools)
            noted.clear()
            most = _most_next(most, claimed=len(batch), begun=len(outcomes))
            if any(isinstance(outcome.failure, LineDown) for outcome in outcomes.values()):
                return left
    _ring_for_the_rest(tools)
    return left


def _most_next(most: int, *, claimed: int, begun: int) -> int:
    """Twice what a second was enough for; as before where a pace let fewer be claimed."""
    return most if begun == claimed < most else min(2 * begun, LARGEST_BATCH)


def _send_batch(batch: list[Claimed], *, send: SendMail, noted: Journal) -> dict[UUID, Outcome]:
    """What became of each that was begun; the others go back untried."""
    stop_at = time.monotonic() + BATCH_SECONDS
    outcomes: dict[UUID, Outcome] = {}
    for one in batch:
        if time.monotonic() > stop_at:
            break
        lease = one.lease_token.hex
        try:
            send(one.message, one.sender, one.recipient, partial(noted.begin, lease))
        except (MailNotTaken, MailRefused) as failure:
            outcomes[one.mail_id] = Outcome(failure)
            if not isinstance(failure, MailCut):
                noted.refused(lease)
            if isinstance(failure, LineDown):
                break
        else:
            noted.taken(lease)
            outcomes[one.mail_id] = Outcome()
    return outcomes


def _is_held_by_pace(tools: Tools) -> bool:
    reading = session()
    reading.rollback()
    held = is_anything_due(reading, now=tools.clock()) is not None
    reading.rollback()
    return held


def _ring_for_the_rest(tools: Tools) -> None:
    with transaction() as ringing:
        due = is_anything_due(ringing, now=tools.clock())
        if due is not None:
            ring_after_commit(ringing, JobName.SEND_MAIL, due)
