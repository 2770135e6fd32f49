"""What a database is asked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from reviews_app.db.database import engine

READS = re.compile(r"(?:FROM|JOIN) \"?(\w+)")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Each statement sent meanwhile but those that begin a transaction."""
    asked: list[str] = []

    def note(*said: object) -> None:
        if not str(said[2]).startswith("BEGIN"):
            asked.append(str(said[2]))

    with app.app_context():
        event.listen(engine(), "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(engine(), "before_cursor_execute", note)


def tables_read(asked: list[str]) -> set[str]:
    """Every table they read."""
    return {table for one in asked for table in READS.findall(one)}
