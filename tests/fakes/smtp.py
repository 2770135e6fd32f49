import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class KeptMail:
    """Takes mail over a real socket and keeps it; `answers` are given first, one a mail.

    `to_sender`, `to_recipient` answer MAIL and RCPT while they are set, `to_stranger` MAIL of who has not signed in
    with one of the `passwords`.
    """

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answers: list[str] = []
        self.to_sender = ""
        self.to_recipient = ""
        self.to_stranger = ""
        self.passwords: set[bytes] = set()
        self.url = ""

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_sender:
            return self.to_sender
        if self.to_stranger and not session.authenticated:
            return self.to_stranger
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.envelopes.append(envelope)
        return "250 kept"

    def signs_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object) -> AuthResult:
        return AuthResult(success=getattr(data, "password", b"") in self.passwords)


@contextmanager
def smtp_server(*, asks_password: bool = False) -> Iterator[KeptMail]:
    """A real SMTP server on a free port of this machine."""
    kept = KeptMail()
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
