"""A delivery status notice (RFC 3464) as a mail server sends it: which mail came back, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import cast

from reviews_app.lib.enhanced_status import enhanced_status

RETURN_HEADERS = ("Envelope-To", "X-Original-To", "Delivered-To", "To")
MOST_BYTES = 10 * 1024 * 1024


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
    message = message_from_bytes(raw[:MOST_BYTES], policy=default)
    parts = list(message.walk())
    returned_to = tuple(str(message[name]) for name in RETURN_HEADERS if message[name])
    if any(part.get_content_type() == "message/feedback-report" for part in parts):
        return Bounce(returned_to, _original_id(parts), "", "Marked as spam.", is_complaint=True)
    failed = [block for block in _status_blocks(parts) if str(block.get("Action", "")).strip().lower() == "failed"]
    if not failed:
        raise NoBounce
    said = " ".join(str(failed[0].get("Diagnostic-Code", "")).split())
    status = enhanced_status(str(failed[0].get("Status", ""))) or enhanced_status(said)
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
            inner = cast("EmailMessage", part.get_payload(0))
            return str(inner.get("Message-ID", "")).strip()
        if kind == "text/rfc822-headers":
            head = message_from_bytes(cast("bytes", part.get_payload(decode=True)), policy=default)
            return str(head.get("Message-ID", "")).strip()
    return ""
