"""Puts a mail together: headers that cannot be forged from data, a text part, an HTML part."""

import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from reviews_app.lib.clock import Clock
from reviews_app.lib.ids import NewId

LONGEST_HEADER = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom: addresses, the shown sender, where answers go."""

    sender: str
    sender_name: str
    recipient: str
    reply_to: str = ""
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What the mail says, in two forms."""

    subject: str
    text: str
    html: str


def compose(envelope: Envelope, content: Content, *, clock: Clock, make_id: NewId) -> EmailMessage:
    """A finished message with a Message-ID of its own, the same on every try to send it.

    `unsubscribe_url` gives the two headers of RFC 8058.
    """
    message = EmailMessage()
    message["From"] = Address(one_line(envelope.sender_name), addr_spec=envelope.sender)
    message["To"] = Address(addr_spec=envelope.recipient)
    if envelope.reply_to:
        message["Reply-To"] = Address(addr_spec=envelope.reply_to)
    message["Subject"] = one_line(content.subject)
    message["Date"] = format_datetime(clock())
    message["Message-ID"] = f"<{make_id()}@{envelope.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable keeps every byte ASCII, so no server on the way has to rewrite the message.
    message.set_content(content.text, cte="quoted-printable")
    message.add_alternative(content.html, subtype="html", cte="quoted-printable")
    return message


def one_line(text: str) -> str:
    """Text fit for a header: control and line-breaking characters become blanks, at most 200 letters."""
    kept = "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} else letter for letter in text)
    return " ".join(kept.split())[:LONGEST_HEADER]
