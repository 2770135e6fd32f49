import socket
from asyncio import WriteTransport
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class KeptMail:
    """Takes mail over a real socket and keeps it; `answers` are given first, one a mail.

    `to_sender`, `to_recipient` answer MAIL and RCPT while they are set, `to_stranger` MAIL of who has not signed in
    with one of the `passwords`. `refusals` answer RCPT, `sender_refusals` MAIL of single addresses. `greylists`: a
    recipient is told to come back until the server's `clock` says that its wait is over. `cuts`: how many mails are
    kept and the line cut before the answer. `lines` counts connections, `most_on_a_line` hangs up after so many mails.
    `pipelines`: it says that it takes several commands at once.
    """

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answers: list[str] = []
        self.to_sender = ""
        self.to_recipient = ""
        self.to_stranger = ""
        self.passwords: set[bytes] = set()
        self.refusals: dict[str, str] = {}
        self.sender_refusals: dict[str, str] = {}
        self.greylists: timedelta | None = None
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.first_seen: dict[str, datetime] = {}
        self.cuts = 0
        self.lines: set[object] = set()
        self.sessions: list[Session] = []
        self.most_on_a_line = 0
        self.pipelines = False
        self.url = ""

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelines else responses

    def recipients(self) -> Counter[str]:
        """How often each address got a mail."""
        return Counter(envelope.rcpt_tos[0] for envelope in self.envelopes)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.lines.add(session.peer)
        on_this_line = sum(one is session for one in self.sessions)
        if self.most_on_a_line and on_this_line >= self.most_on_a_line:
            return "421 4.7.0 enough for this connection"
        if self.to_sender or address in self.sender_refusals:
            return self.sender_refusals.get(address, self.to_sender)
        if self.to_stranger and not session.authenticated:
            return self.to_stranger
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_recipient or address in self.refusals:
            return self.refusals.get(address, self.to_recipient)
        if self.greylists is not None and self.clock() < self._first(address) + self.greylists:
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def _first(self, address: str) -> datetime:
        return self.first_seen.setdefault(address, self.clock())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.envelopes.append(envelope)
        self.sessions.append(session)
        if self.cuts:
            self.cuts -= 1
            cast("WriteTransport", server.transport).abort()
        return "250 kept"

    def signs_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object) -> AuthResult:
        # Not handled: the server itself then says 535.
        return AuthResult(success=getattr(data, "password", b"") in self.passwords, handled=False)


@contextmanager
def smtp_server(*, asks_password: bool = False, pipelines: bool = False) -> Iterator[KeptMail]:
    """A real SMTP server on a free port of this machine."""
    kept = KeptMail()
    kept.pipelines = pipelines
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=port,
        authenticator=kept.signs_in,
        auth_require_tls=False,
    )
    if asks_password:
        kept.to_stranger = "530 5.7.0 sign in first"
    controller.start()
    kept.url = f"smtp://127.0.0.1:{port}"
    try:
        yield kept
    finally:
        controller.stop()
