"""Finds mails that are due though no bell rang, and those whose sender died."""

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.services.settle_mails import settle_mails
from reviews_app.services.tools import Tools

RING_AGAIN = timedelta(seconds=30)
MOST = 500
# A job goes on with what is due by itself; a few rings wake as many workers.
RINGS = 4


def sweep_mails(session: Session, *, tools: Tools) -> int:
    """Put back what a dead worker held, ring for what is due; gives how many rings. Two sweeps may run at once."""
    now = tools.clock()
    settle_mails(session, tools=tools)
    mail = OutgoingMail
    lost = select(mail).where(mail.state == MailState.SENDING, mail.lease_until < now)
    for row in session.scalars(lost.limit(MOST).with_for_update(skip_locked=True)).all():
        row.state = MailState.WAITING
        if row.bounced_at is not None:
            row.has_left(row.bounced_at)
        row.lease_token = row.lease_until = None
    session.flush()
    due = select(mail).where(
        mail.state == MailState.WAITING,
        mail.next_at <= now,
        or_(mail.enqueued_at <= now - RING_AGAIN, mail.enqueued_at < mail.next_at),
    )
    rows = session.scalars(due.order_by(mail.next_at).limit(RINGS).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.enqueued_at = now
        ring_after_commit(session, JobName.SEND_MAIL, row.id)
    return len(rows)
