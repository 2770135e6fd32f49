"""A deadline over a whole HTTP exchange: when it passes, the connection in use is cut."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any

import urllib3.connection
import urllib3.connectionpool
from requests import Session

_current = threading.local()
# A thread that watches nothing ends.
IDLE_SECONDS = 1.0


class Watchman:
    """One thread that cuts whatever is over its time: a timer for each call cost a quarter of the call."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: set[Deadline] = set()
        self._thread: threading.Thread | None = None

    def watch(self, deadline: "Deadline") -> None:
        """From now on."""
        with self._changed:
            is_first = not self._watched
            self._watched.add(deadline)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            elif is_first:
                self._changed.notify()

    def forget(self, deadline: "Deadline") -> None:
        """It ended in time."""
        with self._changed:
            self._watched.discard(deadline)

    def _work(self) -> None:
        while (over := self._those_over()) is not None:
            for one in over:
                one.cut()

    def _those_over(self) -> "list[Deadline] | None":
        """Wait for the next to be over; None when there was nothing to watch for a while, and the thread ends.

        All last equally long, so one begun meanwhile is never the next.
        """
        with self._changed:
            if not self._watched and not self._changed.wait(IDLE_SECONDS) and not self._watched:
                self._thread = None
                return None
            earliest = min((one.ends_at for one in self._watched), default=0.0)
            self._changed.wait(max(earliest - time.monotonic(), 0.0))
            over = [one for one in self._watched if one.ends_at <= time.monotonic()]
            self._watched.difference_update(over)
            return over


class Deadline:
    """Cuts this thread's outgoing connection after some seconds. Socket timeouts alone begin anew at each byte."""

    def __init__(self, seconds: float, watchman: Watchman) -> None:
        self.ends_at = time.monotonic() + seconds
        self._watchman = watchman
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._copy: socket.socket | None = None
        self.is_over = False

    def __enter__(self) -> "Deadline":
        _current.deadline = self
        self._watchman.watch(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._watchman.forget(self)
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
            self.cut()

    def cut(self) -> None:
        """The time is over."""
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
