"""A proxy with TLS in front of a server, as an operator puts one there: it says who asked, and over what."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CONNECTION = re.compile(rb"connection:[^\r]*\r\n", re.IGNORECASE)


@contextmanager
def tls_front(context: ssl.SSLContext, *, port: int, behind: int) -> Iterator[None]:
    """https on `port` of loopback, answered by http on `behind`; one request a connection."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        threading.Thread(target=_serve, args=(listening, context, behind), daemon=True).start()
        yield


def _serve(listening: socket.socket, context: ssl.SSLContext, behind: int) -> None:
    with suppress(OSError):
        while True:
            plain, _ = listening.accept()
            threading.Thread(target=_answer, args=(plain, context, behind), daemon=True).start()


def _answer(plain: socket.socket, context: ssl.SSLContext, behind: int) -> None:
    """The whole question first, then the whole answer: a TLS socket is for one thread."""
    with suppress(OSError), context.wrap_socket(plain, server_side=True) as asking:
        request, _, rest = _question(asking).partition(b"\r\n")
        said = b"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n"
        with socket.create_connection(("127.0.0.1", behind)) as server:
            server.sendall(request + b"\r\n" + said + CONNECTION.sub(b"", rest, count=1))
            while more := server.recv(65_536):
                asking.sendall(more)
        asking.unwrap()


def _question(asking: ssl.SSLSocket) -> bytes:
    read = b""
    while END_OF_HEAD not in read and (more := asking.recv(16_384)):
        read += more
    head, _, body = read.partition(END_OF_HEAD)
    told = LENGTH.search(head)
    missing = int(told[1]) - len(body) if told else 0
    while missing > 0 and (more := asking.recv(65_536)):
        read += more
        missing -= len(more)
    return read
