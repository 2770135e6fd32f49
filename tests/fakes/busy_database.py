"""A database that is too busy to take anything in."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session


@contextmanager
def busy_database() -> Iterator[None]:
    """Every commit of a block ends as behind somebody else's lock."""

    def lock(_session: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("database is locked"))

    event.listen(Session, "before_commit", lock)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", lock)
