"""Two transactions at the same moment: the second begins while the first is not committed yet."""

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from reviews_app.db.database import engine, transaction

Act = Callable[[Session], Any]
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Person:
    """Acts in a thread and a transaction of their own; keeps what came of it."""

    def __init__(self, app: Flask, act: Act) -> None:
        self._app = app
        self._act = act
        self.answer: Any = None
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            with self._app.app_context(), transaction() as session:
                self.answer = self._act(session)
        except Exception as failure:  # a test looks at what came
            self.answer = failure


def two_at_once(app: Flask, first: Act, second: Act) -> Any:
    """The first acts; the second begins, and the first commits once the second waits for it or is done.

    Gives the second's answer, or what it raised.
    """
    other = Person(app, second)
    with app.app_context(), transaction() as session:
        first(session)
        session.flush()
        other.thread.start()
        _until_it_waits(other)
    other.thread.join(20)
    assert not other.thread.is_alive()
    return other.answer


def _until_it_waits(other: Person) -> None:
    """SQLite lets nobody begin beside a writer, so there is nothing to wait for."""
    if engine().dialect.name == "sqlite":
        return
    looking = create_engine(engine().url)
    with looking.connect() as connection:
        until = time.monotonic() + 10
        while other.thread.is_alive() and not _somebody_waits(connection):
            assert time.monotonic() < until, "the second neither waits nor ends"
    looking.dispose()


def _somebody_waits(connection: Connection) -> bool:
    connection.rollback()
    waiting: int = connection.execute(text(WAITING)).scalar_one()
    return waiting > 0
