"""A real HTTP server on loopback that keeps every request and answers as told."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson

PATH = "/v1/hooks/web/5e6daf9d2b1c4a0012ab34cd"


@dataclass
class Told:
    """How one request is answered."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"ok":true}'
    drip: bool = False
    reset: bool = False
    reset_after_headers: bool = False
    hold: threading.Event | None = None


@dataclass
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    answered: int = 200
    at: float = field(default_factory=time.monotonic)

    @property
    def event(self) -> dict[str, object]:
        read: dict[str, object] = orjson.loads(self.body)
        return read


class Receiver:
    """What came, and what is answered next; after the told answers, 200."""

    def __init__(self) -> None:
        self.requests: list[Got] = []
        self.told: list[Told] = []
        self.always: Told | None = None
        self.by_chance: Callable[[], Told | None] = lambda: None
        self.answer_to: Callable[[Got], Told | None] = lambda _got: None
        self.origin = ""
        self.broken = 0

    @property
    def url(self) -> str:
        return f"{self.origin}{PATH}"

    def next_answer(self, got: Got) -> Told:
        if self.told:
            return self.told.pop(0)
        return self.answer_to(got) or self.always or self.by_chance() or Told()


@contextmanager
def receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    kept = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(kept))
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scheme = "http" if tls is None else "https"
    kept.origin = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def _handler(kept: Receiver) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (TellingHandler,), {"kept": kept})


class TellingHandler(BaseHTTPRequestHandler):
    """Answers as the receiver was told."""

    protocol_version = "HTTP/1.1"
    kept: Receiver

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            # The sender was killed in the middle of it: no helpdesk takes half a request.
            self.kept.broken += 1
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        got = Got(self.path, headers, body)
        told = self.kept.next_answer(got)
        got.answered = told.status
        self.kept.requests.append(got)
        if told.hold is not None:
            told.hold.wait(60)
        if told.reset:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(told)

    def _answer(self, told: Told) -> None:
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told.body)))
        self.end_headers()
        if told.reset_after_headers:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        try:
            for part in [told.body] if not told.drip else [bytes([letter]) for letter in told.body]:
                self.wfile.write(part)
                self.wfile.flush()
                time.sleep(0.05 if told.drip else 0)
        except OSError:
            self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except (ssl.SSLError, ConnectionError):
            self.kept.broken += 1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""
