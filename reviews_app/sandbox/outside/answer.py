"""Answers a request well or badly: late, dripping, huge, cut off, pointing elsewhere."""

import os
import socket
import struct
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from flask import Response
from werkzeug.datastructures import Headers

from reviews_app.sandbox.outside.behaviour import Behaviour

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

A_BYTE_EVERY = 1.0
PIECE = 64 * 1024
NO_LINGER = struct.pack("ii", 1, 0)


def answer(behaviour: Behaviour, status: int, body: bytes) -> Response:
    """The answer with this status, in the manner the behaviour asks for."""
    headers = Headers({"Content-Type": "application/json", **behaviour.headers})
    if behaviour.retry_after is not None:
        headers["Retry-After"] = str(behaviour.retry_after)
    if behaviour.redirect_to:
        headers["Location"] = behaviour.redirect_to
    if behaviour.reset or behaviour.drip:
        return BrokenAnswer(behaviour, status=status, body=body, headers=headers)
    if behaviour.body_bytes is not None:
        headers["Content-Length"] = str(behaviour.body_bytes)
        return Response(_filler(behaviour.body_bytes), status, headers)
    return Response(body, status, headers)


def _filler(size: int) -> Iterator[bytes]:
    piece = b"x" * PIECE
    for _ in range(size // PIECE):
        yield piece
    yield piece[: size % PIECE]


class BrokenAnswer(Response):
    """Speaks to the connection itself, because no proper server would answer like this."""

    def __init__(self, behaviour: Behaviour, *, status: int, body: bytes, headers: Headers) -> None:
        super().__init__(body, status, headers)
        self._behaviour = behaviour

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Any:
        connection = cast("socket.socket", environ["werkzeug.socket"])
        head, body = self._head(), self.get_data()
        if self._behaviour.drip == "body":
            connection.sendall(head)
            _drip(connection, body)
        elif self._behaviour.drip:
            _drip(connection, head + body)
        elif self._behaviour.reset == "after_headers":
            connection.sendall(head)
        if self._behaviour.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            os.close(connection.detach())
        # The server takes this for a shopper who left, and closes without another word.
        raise ConnectionAbortedError

    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def _drip(connection: socket.socket, content: bytes) -> None:
    for byte in content:
        connection.sendall(bytes([byte]))
        time.sleep(A_BYTE_EVERY)
