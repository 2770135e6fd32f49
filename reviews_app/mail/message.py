"""Puts a mail together: headers that cannot be forged from data, a text part, an HTML part."""

import unicodedata
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from reviews_app.lib.clock import Clock
from reviews_app.lib.email_address import ascii_email
from reviews_app.lib.ids import NewId

LONGEST_HEADER = 200
LONGEST_LINE = 60
SIGNS = str.maketrans(dict.fromkeys('()<>[]:;@\\,."', " "))


class AddressRefused(Exception):
    """No mail can be sent to this address; it is the exception's text."""


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

    `unsubscribe_url` gives the two headers of RFC 8058. Raises AddressRefused for a sender, a recipient or a reply
    address that is none.
    """
    message = EmailMessage()
    sender = _address(envelope.sender).addr_spec
    message["From"] = Address(_shown_name(envelope.sender_name, beside=sender), addr_spec=sender)
    message["To"] = _address(envelope.recipient)
    if envelope.reply_to:
        message["Reply-To"] = _address(envelope.reply_to)
    message["Subject"] = one_line(content.subject)
    message["Date"] = format_datetime(clock())
    message["Message-ID"] = f"<{make_id()}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable keeps every byte ASCII, so no server on the way has to rewrite the message.
    message.set_content(content.text, cte="quoted-printable")
    message.add_alternative(content.html, subtype="html", cte="quoted-printable")
    return message


def one_line(text: str) -> str:
    """Text fit for a header: control and line-breaking characters become blanks, at most 200 letters.

    The library decodes what looks like an encoded word (RFC 2047, `=?utf-8?q?..?=`), line breaks in it included, and
    writes them out as headers of their own: so no text may begin one.
    """
    kept = "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} else letter for letter in text)
    return " ".join(kept.replace("=?", "= ?").split())[:LONGEST_HEADER]


def _shown_name(name: str, *, beside: str) -> str:
    """A sender's name; one that has to be folded goes without the signs that need quotes.

    The library loses the quotes where it folds or encodes, and what stood in them is read as addresses.
    """
    line = one_line(name)
    fits = len(line) + len(beside) < LONGEST_LINE and line.isascii()
    return line if fits else " ".join(line.translate(SIGNS).split())


def _address(spec: str) -> Address:
    """An address as servers take it: an international host name in its ASCII form."""
    try:
        return Address(addr_spec=ascii_email(spec) or "")
    except (MessageError, ValueError, IndexError):
        raise AddressRefused(spec) from None
