import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class KeptMail:
    """Takes mail over a real socket and keeps it; `answers` are given first, one a mail."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answers: list[str] = []
        self.url = ""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.envelopes.append(envelope)
        return "250 kept"


@contextmanager
def smtp_server() -> Iterator[KeptMail]:
    """A real SMTP server on a free port of this machine."""
    kept = KeptMail()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    kept.url = f"smtp://127.0.0.1:{port}"
    try:
        yield kept
    finally:
        controller.stop()
