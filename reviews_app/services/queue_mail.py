"""Makes a mail due: the finished message as a row, in the transaction of its cause."""

from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.db.after_commit import is_rung, ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.people import email_key
from reviews_app.mail.dkim_signature import DkimKey, signed
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.services.tools import Tools


def queue_mail(
    session: Session, message: EmailMessage, *, kind: MailKind, store_id: UUID | None, tools: Tools
) -> OutgoingMail:
    """Write the row and note the bell. The bytes are sealed: they may hold a link's token.

    Raises SealBroken when no encryption key is set.
    """
    now = tools.clock()
    recipient = str(message["To"].addresses[0].addr_spec)
    sender = str(message["From"].addresses[0].addr_spec)
    row = OutgoingMail(
        store_id=store_id,
        kind=kind,
        recipient=recipient,
        mailbox=email_key(recipient),
        sender=sender,
        provider=recipient.rpartition("@")[2].lower(),
        subject=str(message["Subject"]),
        message_id=str(message["Message-ID"]),
        message=tools.keyring.seal(_bytes(message, sender, tools).decode("ascii"), last_four=""),
        next_at=now,
        enqueued_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    # One ring a transaction: the job it starts goes on with all that is due.
    if not is_rung(session, JobName.SEND_MAIL):
        ring_after_commit(session, JobName.SEND_MAIL, row.id)
    return row


def _bytes(message: EmailMessage, sender: str, tools: Tools) -> bytes:
    """Signed here, once: every try sends the same bytes."""
    key = DkimKey(tools.settings.dkim_selector, tools.settings.dkim_key_file)
    return signed(message.as_bytes(policy=SMTP), domain=sender.rpartition("@")[2], key=key)
