"""Hands a finished message to an SMTP server."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 15.0
SendMail = Callable[[bytes, str, str], None]
"""Takes the message's bytes, the envelope's sender and its recipient; raises MailNotTaken or MailRefused."""


class MailNotTaken(Exception):
    """Not now: trying again helps."""


class MailRefused(Exception):
    """Never: this recipient or message is refused for good."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail goes out; `smtp://user:pass@host:587?starttls=1` or `smtps://...`."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    is_tls: bool = False
    starts_tls: bool = False

    @classmethod
    def from_url(cls, url: str) -> "SmtpServer":
        """Read SMTP_URL."""
        parts = urlsplit(url)
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if is_tls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls=is_tls,
            starts_tls=parse_qs(parts.query).get("starttls") == ["1"],
        )


def smtp_sender(url: str) -> SendMail:
    """A sender for SMTP_URL; without one every mail waits."""

    def send(message: bytes, sender: str, recipient: str) -> None:
        if not url:
            raise MailNotTaken("SMTP_URL is not set")
        try:
            _send_over(SmtpServer.from_url(url), message, (sender, recipient))
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise _by_code(code, words) from None
        except smtplib.SMTPDataError as refused:
            raise _by_code(refused.smtp_code, refused.smtp_error) from None
        except smtplib.SMTPResponseException as refused:
            # Sign-in, greeting, sender: about us, not about this mail, which leaves once SMTP_URL is mended.
            raise MailNotTaken(_told(refused.smtp_code, refused.smtp_error)) from None
        except (OSError, smtplib.SMTPException) as failure:
            raise MailNotTaken(f"{type(failure).__name__}: {failure}") from None
        except UnicodeEncodeError:
            raise MailRefused("This address cannot be said to a mail server.") from None

    return send


def _send_over(server: SmtpServer, message: bytes, route: tuple[str, str]) -> None:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.is_tls:
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    with connection:
        if server.starts_tls:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.sendmail(route[0], [route[1]], message)


def _by_code(code: int, words: bytes | str) -> MailNotTaken | MailRefused:
    kind = MailRefused if 500 <= code < 600 else MailNotTaken
    return kind(_told(code, words))


def _told(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {said}"[:500]
