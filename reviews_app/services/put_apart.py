"""Puts one report of a shop into the database so that what the database refuses is that report's refusal alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from reviews_app.models.order_report import ReportRefused
from reviews_app.models.store import Store

log = structlog.get_logger()


@contextmanager
def put_apart(session: Session, store: Store) -> Iterator[None]:
    """A savepoint: when a report is refused, whoever refuses it, nothing of it stays. Raises ReportRefused.

    A database that is busy or away refuses nothing: that error rises, and the sender tries again.
    """
    try:
        with session.begin_nested():
            yield
    except (DataError, IntegrityError) as error:
        # Its values are the buyer's: only the kind of error is logged.
        kind = type(error.orig).__name__
        log.error("the database refused a report", store=store.slug, error=kind)
        raise ReportRefused(_words(error)) from None


def _words(error: DataError | IntegrityError) -> str:
    if isinstance(error, DataError):
        return "A value in it is larger or longer than can be kept. Put it right and send it again."
    return "Its parts contradict each other: an id stands twice, or something needed is missing. Send it again mended."
