"""What PostgreSQL needs so that a server that stopped is noticed, and a page says so within five seconds.

A server that is gone is noticed by the network. One that only hangs still takes connections and bytes and never
answers, and no setting of its own can end that: so we wait for its answers no longer than is reasonable.
"""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

# A new connection; a second more goes before it, when the one that was kept no longer answers.
CONNECT_SECONDS = 3
PING_SECONDS = 1.0
# So long after one that was waited for in vain a page does not wait itself: eight at a time would make a long queue.
QUIET_SECONDS = 1.0
# A statement that waits for a lock gives up before the shopper does, and any other of a page not long after it.
LOCK_MS = 8000
PAGE_SECONDS = 10.0
CONNECT_ARGS: dict[str, object] = {
    "options": f"-c lock_timeout={LOCK_MS}",
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class Patience:
    """Stands before a connection's own `wait`; for `seconds`, or for as long as it takes (None)."""

    def __init__(self, connection: Any, failure: type[Exception]) -> None:
        self.seconds: float | None = None
        self._wait = connection.wait
        self._close = connection.close
        self._failure = failure

    def __call__(self, answer: Any, *given: Any, **named: Any) -> Any:
        """Wait for an answer. One that did not come in time may come later still: the connection is closed."""
        if self.seconds is None or given or named:
            return self._wait(answer, *given, **named)
        began = time.monotonic()
        try:
            return self._wait(answer, timeout=self.seconds)
        except self._failure:
            if time.monotonic() - began >= self.seconds:
                self._close()
            raise


class Door:
    """Opens new connections; a page is told at once when another has just waited for one in vain."""

    def __init__(self, driver: Any, *, is_page: Callable[[], bool]) -> None:
        self._driver = driver
        self._is_page = is_page
        self._quiet_until = 0.0

    def connect(self, *given: Any, **named: Any) -> Any:
        """A connection. Raises the driver's OperationalError."""
        began = time.monotonic()
        if began < self._quiet_until and self._is_page():
            raise self._driver.OperationalError("the database did not answer a moment ago")
        try:
            return self._driver.connect(*given, **named)
        except self._driver.OperationalError:
            if time.monotonic() - began > PING_SECONDS:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
            raise


def prepare_postgres(engine: Engine, *, is_page: Callable[[], bool]) -> None:
    """Give every connection its patience: little before it is used again, some for a page, all for jobs and commands.

    Counting a large store again or sealing every secret anew may take minutes.
    """
    driver: Any = engine.dialect.loaded_dbapi
    door = Door(driver, is_page=is_page)

    @event.listens_for(engine, "do_connect")
    def _open(_dialect: Any, _record: Any, given: Any, named: Any) -> Any:
        return door.connect(*given, **named)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.wait = Patience(connection, driver.OperationalError)

    @event.listens_for(engine, "checkout")
    def _checkout(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.wait.seconds = PAGE_SECONDS if is_page() else None

    @event.listens_for(engine, "checkin")
    def _checkin(connection: Any, _record: Any) -> None:
        if connection is not None:
            connection.wait.seconds = PING_SECONDS
