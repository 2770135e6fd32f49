"""Hands finished messages to an SMTP server, over one connection for as long as it holds."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from reviews_app.lib.deadline import Deadline, Watchman
from reviews_app.lib.plain_text import one_line
from reviews_app.mail.refusals import LineDown, MailCut, MailNotTaken, MailRefused
from reviews_app.mail.talk import CLOSING, GO_ON, Talk, command

# One command; a slow server may take ten seconds for each. All of a mail together.
COMMAND_SECONDS = 30.0
MAIL_SECONDS = 100.0
GOODBYE_SECONDS = 1.0
TAKEN = (250, 251)
# Answers to MAIL that are about our line or how we signed in; any other is about the sender that was named.
ABOUT_US = frozenset({CLOSING, 432, 454, 503, 530, 534, 535, 538})
LONGEST_ANSWER = 500
HandingOver = Callable[[], None]
SendMail = Callable[[bytes, str, str, HandingOver], None]
"""Takes the message's bytes, the envelope's sender, its recipient, and what is called right before the bytes go out.

Raises MailNotTaken or MailRefused. Before that call nothing can have arrived.
"""


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

    def connect(self) -> smtplib.SMTP:
        """A line that is greeted, encrypted and signed in as the address says."""
        line: smtplib.SMTP
        # Reading the system's certificates takes longer than sending fifty mails: only where they are needed.
        context = ssl.create_default_context() if self.is_tls or self.starts_tls else None
        if self.is_tls:
            line = smtplib.SMTP_SSL(self.host, self.port, timeout=COMMAND_SECONDS, context=context)
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=COMMAND_SECONDS)
        try:
            if self.starts_tls:
                line.starttls(context=context)
            if self.user:
                line.login(self.user, self.password)
            line.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            line.close()
            raise
        return line


class SmtpSender:
    """Sends mail after mail; a line the server has closed meanwhile is opened anew. Not for two threads at once."""

    def __init__(self, url: str) -> None:
        self._line: smtplib.SMTP | None = None
        self._has_sent = False
        self._watchman = Watchman()
        self._server = SmtpServer.from_url(url) if url else None

    def __call__(self, message: bytes, sender: str, recipient: str, handing_over: HandingOver = lambda: None) -> None:
        """Send one. Raises LineDown, MailCut or MailNotTaken when trying again helps, MailRefused when not."""
        if self._server is None:
            raise LineDown("SMTP_URL is not set")
        try:
            with Deadline(MAIL_SECONDS, self._watchman) as deadline:
                talk = self._begun(sender, recipient, size=len(message), deadline=deadline)
                try:
                    _name_recipient(talk)
                    _hand_over(talk, message, handing_over)
                except (MailNotTaken, MailRefused):
                    talk.break_off()
                    raise
                self._has_sent = True
        except (MailNotTaken, MailRefused) as refused:
            self._after(refused)
            raise
        except smtplib.SMTPResponseException as refused:
            self.close()
            raise LineDown(told(refused.smtp_code, refused.smtp_error)) from None
        except (OSError, smtplib.SMTPException) as failure:
            self.close()
            raise LineDown(one_line(f"{type(failure).__name__}: {failure}", most=LONGEST_ANSWER)) from None

    def close(self) -> None:
        """Hang up; a broken line is simply let go."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, smtplib.SMTPException):
                if line.sock is not None:
                    line.sock.settimeout(GOODBYE_SECONDS)
                line.quit()
            line.close()

    def __del__(self) -> None:
        if self._line is not None:
            self._line.close()

    def _begun(self, sender: str, recipient: str, *, size: int, deadline: Deadline) -> Talk:
        """A talk in which the server has taken the sender; a kept one that is gone is replaced once.

        So is one on which mails have left: its server may have had enough of it, and say that of the sender.
        """
        if self._line is not None:
            deadline.watch(self._line.sock)
            try:
                return _name_sender(self._line, sender, recipient, size=size)
            except MailNotTaken:
                if not self._has_sent:
                    raise
            except (OSError, smtplib.SMTPException):
                pass
            self.close()
        assert self._server is not None  # noqa: S101 - the caller looked
        self._line, self._has_sent = self._server.connect(), False
        deadline.watch(self._line.sock)
        return _name_sender(self._line, sender, recipient, size=size)

    def _after(self, refused: MailNotTaken | MailRefused) -> None:
        """The next mail begins on a clean line."""
        if isinstance(refused, MailCut) or self._line is None or refused.code == CLOSING:
            self.close()
            return
        try:
            self._line.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


def smtp_sender(url: str) -> SmtpSender:
    """A sender for SMTP_URL; without one every mail waits."""
    return SmtpSender(url)


def _name_sender(line: smtplib.SMTP, sender: str, recipient: str, *, size: int) -> Talk:
    """A refused sender's mails wait, with the server's words, until it is mended; the others go on."""
    talk = Talk(line, *_commands(line, sender, recipient, size=size))
    code, words = talk.answer()
    if code in ABOUT_US:
        raise smtplib.SMTPSenderRefused(code, words, sender)
    if code not in TAKEN:
        talk.break_off()
        raise MailNotTaken(told(code, words), code=code)
    return talk


def _commands(line: smtplib.SMTP, sender: str, recipient: str, *, size: int) -> tuple[str, str, str]:
    options = [f"size={size}"] if line.has_extn("size") else []
    try:
        mail = command("MAIL FROM", sender, *options)
    except ValueError:
        raise MailRefused("This sender cannot be said to a mail server.") from None
    try:
        return mail, command("RCPT TO", recipient), "DATA"
    except ValueError:
        raise MailRefused("This address cannot be said to a mail server.") from None


def _name_recipient(talk: Talk) -> None:
    code, words = talk.answer()
    if code not in TAKEN:
        raise by_code(code, words)


def _hand_over(talk: Talk, message: bytes, handing_over: HandingOver) -> None:
    """The bytes; whatever goes wrong once they are on the way leaves open whether they arrived."""
    code, words = talk.answer()
    if code != GO_ON:
        raise by_code(code, words)
    line = talk.line
    handing_over()
    try:
        line.send(_stuffed(message) + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"))
        code, words = line.getreply()
    except (OSError, smtplib.SMTPException) as failure:
        said = f"The line broke while the mail was handed over: {failure}"
        raise MailCut(one_line(said, most=LONGEST_ANSWER)) from None
    if code != 250:
        raise by_code(code, words)


def _stuffed(message: bytes) -> bytes:
    """No line of it is taken for the end (RFC 5321, 4.5.2)."""
    begun = b"." + message if message.startswith(b".") else message
    return begun.replace(b"\n.", b"\n..")


def by_code(code: int, words: bytes | str) -> MailNotTaken | MailRefused:
    """What a server's answer about one mail means."""
    kind = MailRefused if 500 <= code < 600 else MailNotTaken
    return kind(told(code, words), code=code)


def told(code: int, words: bytes | str) -> str:
    """A server's answer as it can be kept."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return one_line(f"{code} {said}", most=LONGEST_ANSWER)
