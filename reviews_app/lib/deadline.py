"""A deadline over a whole HTTP exchange: when it passes, the connection in use is cut."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any

import urllib3.connection
import urllib3.connectionpool
from requests import Session

_current = threading.local()


class Deadline:
    """Cuts this thread's outgoing connection after some seconds. Socket timeouts alone begin anew at each byte."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._copy: socket.socket | None = None
        self.is_over = False

    def __enter__(self) -> "Deadline":
        _current.deadline = self
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        _current.deadline = None
        with self._lock:
            self._socket = None
        if self._copy is not None:
            self._copy.close()

    def watch_connecting(self, connection: socket.socket) -> None:
        """The same while TLS is being agreed on, when the socket changes its owner: a copy is cut in its place."""
        self._copy = connection.dup()
        self.watch(self._copy)

    def watch(self, connection: socket.socket | None) -> None:
        """The socket to cut; at once when the time is over already."""
        with self._lock:
            self._socket = connection
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        with self._lock:
            if self._socket is not None:
                with suppress(OSError):
                    # Not SSLSocket.shutdown: it would take the TLS object from under the reading thread.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _watch(connection: Any) -> None:
    deadline: Deadline | None = getattr(_current, "deadline", None)
    if deadline is not None:
        deadline.watch(connection.sock)


class _WatchedHttp(urllib3.connection.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _watch(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _watch(self)
        super().request(*args, **kwargs)


class _WatchedHttps(urllib3.connection.HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        deadline: Deadline | None = getattr(_current, "deadline", None)
        if deadline is not None:
            deadline.watch_connecting(made)
        return made

    def connect(self) -> None:
        super().connect()
        _watch(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _watch(self)
        super().request(*args, **kwargs)


class _HttpPool(urllib3.connectionpool.HTTPConnectionPool):
    ConnectionCls = _WatchedHttp


class _HttpsPool(urllib3.connectionpool.HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


def watch_connections(session: Session) -> None:
    """Let deadlines see every connection this session makes or uses again."""
    for adapter in session.adapters.values():
        manager: Any = getattr(adapter, "poolmanager")  # noqa: B009
        manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
