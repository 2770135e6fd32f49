"""Takes in that a mail came back or was marked as spam: its row says so, and the address is not asked again."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.enhanced_status import Verdict, verdict
from reviews_app.models.mail_report import MailFate, MailReport
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.suppress_address import suppress_address

# A full mailbox may have room again.
REST = timedelta(days=30)
LEFT = frozenset({MailState.SENT, MailState.SENDING, MailState.WAITING})


def take_mail_report(session: Session, store: Store, report: MailReport, *, clock: Clock) -> bool:
    """A report about a store's mail or address; gives whether it was news. Twice, or late, changes nothing more."""
    mail = _mail_of(session, store, report.message_id)
    if mail is not None and mail.is_erased:
        # What a server says names the address.
        return False
    address = mail.recipient if mail is not None else report.email
    if not address:
        return False
    is_news = mail is not None and report.fate is MailFate.BOUNCED and _bounce(mail, report, clock=clock)
    return _suppress(session, store, address, report, clock=clock) or is_news


def _mail_of(session: Session, store: Store, message_id: str) -> OutgoingMail | None:
    if not message_id:
        return None
    mine = select(OutgoingMail).where(OutgoingMail.store_id == store.id, OutgoingMail.message_id == message_id)
    return session.scalar(mine.with_for_update())


def _bounce(mail: OutgoingMail, report: MailReport, *, clock: Clock) -> bool:
    if mail.bounced_at is not None or mail.state not in LEFT:
        return False
    mail.bounced_at = clock()
    mail.last_error = report.detail or report.status
    if mail.state is MailState.WAITING:
        # The line broke when it had been handed over: it did leave, and is not sent again.
        mail.has_left(mail.bounced_at)
    return True


def _suppress(session: Session, store: Store, address: str, report: MailReport, *, clock: Clock) -> bool:
    """A complaint always; a bounce when it is about the address, not about us or what we wrote."""
    reason, until = SuppressionReason.COMPLAINED, None
    if report.fate is MailFate.BOUNCED:
        about = verdict(report.status or "5.0.0")
        if about is Verdict.NOT_THE_ADDRESS:
            return False
        reason = SuppressionReason.BOUNCED
        until = clock() + REST if about is Verdict.FOR_A_WHILE else None
    return suppress_address(
        session, store.id, address, reason, clock=clock, detail=report.detail or report.status, until=until
    )
