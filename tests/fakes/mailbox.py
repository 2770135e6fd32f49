"""Reads the mails that wait in the rows, as their readers will."""

from email import message_from_string
from email.message import EmailMessage
from email.policy import default

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.outgoing_mail import OutgoingMail
from reviews_app.services.tools import Tools


def mails_to(reading: Session, tools: Tools, address: str = "") -> list[EmailMessage]:
    """Every mail to an address, or to anybody, the oldest first."""
    rows = select(OutgoingMail).order_by(OutgoingMail.created_at, OutgoingMail.id)
    if address:
        rows = rows.where(OutgoingMail.recipient == address)
    sealed = [row.message for row in reading.scalars(rows) if row.message is not None]
    return [message_from_string(tools.keyring.open(one), policy=default) for one in sealed]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """The plain words of a mail, or its HTML."""
    body = mail.get_body((kind,))
    assert body is not None
    words: str = body.get_content()
    return words


def mail_text(reading: Session, tools: Tools, address: str) -> str:
    """The plain words of the newest mail to an address."""
    return text_of(mails_to(reading, tools, address)[-1])
