"""Finds mails that are due though no bell rang, and those whose sender died."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.outgoing_mail import MailState, OutgoingMail

RING_AGAIN = timedelta(seconds=30)
MOST = 500


def sweep_mails(session: Session, *, now: datetime) -> int:
    """Put back what a dead worker held, ring for everything due; gives how many rings. Two sweeps may run at once."""
    mail = OutgoingMail
    for row in session.scalars(select(mail).where(mail.state == MailState.SENDING, mail.lease_until < now).limit(MOST)):
        row.state = MailState.WAITING
        row.lease_token = None
    session.flush()
    due = select(mail).where(
        mail.state == MailState.WAITING,
        mail.next_at <= now,
        or_(mail.enqueued_at <= now - RING_AGAIN, mail.enqueued_at < mail.next_at),
    )
    rows = list(session.scalars(due.order_by(mail.next_at).limit(MOST)))
    for row in rows:
        row.enqueued_at = now
        ring_after_commit(session, JobName.SEND_MAIL, row.id)
    return len(rows)
