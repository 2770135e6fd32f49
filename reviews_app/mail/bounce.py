"""A delivery status notice (RFC 3464) as a mail server sends it: which mail came back, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import cast

from reviews_app.lib.enhanced_status import enhanced_status
from reviews_app.lib.plain_text import one_line

RETURN_HEADERS = ("Envelope-To", "X-Original-To", "Delivered-To", "To")
MOST_BYTES = 10 * 1024 * 1024
# A line of a mail has at most 998 letters (RFC 5322); a folded head of several is nothing we read.
LONGEST_HEADER = 2000


class NoBounce(Exception):
    """The mail is no notice of a failed delivery: an answer, an out-of-office note, a delay."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """`returned_to` are the addresses the notice was sent to, one of which may name the mail; else its Message-ID."""

    returned_to: tuple[str, ...]
    message_id: str
    status: str
    detail: str
    is_complaint: bool = False


def read_bounce(raw: bytes) -> Bounce:
    """Read a notice. Raises NoBounce for any other mail, a delay among them."""
    # Not by the newer policies: they break off at addresses that are written wrongly, and a stranger writes these.
    message = message_from_bytes(raw[:MOST_BYTES])
    parts = list(message.walk())
    returned_to = tuple(words for name in RETURN_HEADERS if (words := _words(message, name)))
    if any(part.get_content_type() == "message/feedback-report" for part in parts):
        return Bounce(returned_to, _original_id(parts), "", "Marked as spam.", is_complaint=True)
    failed = [block for block in _status_blocks(parts) if _words(block, "Action").lower() == "failed"]
    if not failed:
        raise NoBounce
    said = _words(failed[0], "Diagnostic-Code")
    status = enhanced_status(_words(failed[0], "Status")) or enhanced_status(said)
    return Bounce(returned_to, _original_id(parts), enhanced_status(said) or status, said[:300])


def _status_blocks(parts: Iterable[Message]) -> list[Message]:
    found: list[Message] = []
    for part in parts:
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            found += cast("list[Message]", part.get_payload())
    return found


def _original_id(parts: Iterable[Message]) -> str:
    """The Message-ID of the mail that came back, from its returned head."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            return _words(cast("Message", part.get_payload(0)), "Message-ID")
        if kind == "text/rfc822-headers":
            return _words(message_from_bytes(cast("bytes", part.get_payload(decode=True))), "Message-ID")
    return ""


def _words(message: Message, name: str) -> str:
    """A header as one line that can be kept; empty when it is not there."""
    return one_line(str(message.get(name, "")), most=LONGEST_HEADER)
