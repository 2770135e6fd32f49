"""Takes every mail over SMTP and keeps it, readable."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from reviews_app.lib.clock import Clock
from reviews_app.sandbox.kept_lines import KeptLines
from reviews_app.sandbox.outside.world import iso

LARGEST_MAIL = 10 * 1024 * 1024


class Inbox:
    """The handler behind the SMTP port."""

    def __init__(self, mails: KeptLines, clock: Clock) -> None:
        self._mails = mails
        self._clock = clock

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one mail."""
        content = envelope.original_content or b""
        self._mails.append(
            {
                "received_at": iso(self._clock()),
                "mail_from": envelope.mail_from,
                "recipients": envelope.rcpt_tos,
                **read_mail(content),
            }
        )
        return "250 Kept in the inbox"


def read_mail(content: bytes) -> dict[str, Any]:
    """Headers, subject, text and html of a message's bytes; parts that are missing are empty."""
    message = message_from_bytes(content, policy=policy.default)
    headers: dict[str, str] = {}
    for name, raw in message.raw_items():
        value = _read(name, raw)
        headers[name] = f"{headers[name]}\n{value}" if name in headers else value
    return {
        "subject": headers.get("Subject", ""),
        "headers": headers,
        "text": _body(message, "plain"),
        "html": _body(message, "html"),
        "attachments": [_clean(part.get_filename() or "unnamed") for part in message.iter_attachments()]
        if message.is_multipart()
        else [],
    }


def _read(name: str, raw: object) -> str:
    """A header's words; as it came where the library breaks off at an address that is written wrongly."""
    try:
        return _clean(str(policy.default.header_fetch_parse(name, str(raw))))
    except (AttributeError, IndexError):
        return _clean(" ".join(str(raw).split()))


def _body(message: EmailMessage, kind: str) -> str:
    part = cast("EmailMessage | None", message.get_body((kind,)))
    if part is None:
        return ""
    try:
        return _clean(str(part.get_content()))
    except LookupError:  # a charset nobody knows
        return cast("bytes", part.get_payload(decode=True)).decode("utf-8", "replace")


def _clean(text: str) -> str:
    """JSON lines are UTF-8: half a surrogate pair, which broken mails do carry, is replaced."""
    return text.encode("utf-8", "replace").decode()
