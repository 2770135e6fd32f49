"""The application context a job runs in: made once per worker, before it forks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import structlog
from flask import Flask, current_app, has_app_context
from sqlalchemy.exc import SQLAlchemyError

from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.services.tools import Tools

log = structlog.get_logger()


@contextmanager
def job(name: str, row_id: str) -> Iterator[Tools]:
    """Bind the log to the job and hand over the tools; an error is logged and left to RQ to note.

    The row stays due: the sweep rings for it again.
    """
    if not has_app_context():
        raise RuntimeError("a job runs inside `flask worker`")
    structlog.contextvars.bind_contextvars(job=name, row=row_id)
    try:
        yield tools_of(current_app)
    except Exception:
        log.exception("job failed")
        raise
    finally:
        structlog.contextvars.unbind_contextvars("job", "row")


@contextmanager
def turn_of_clock(name: str) -> Iterator[None]:
    """A turn that breaks off is logged and over: the scheduler's other tasks go on, and its own next turn."""
    try:
        yield
    except SQLAlchemyError as failure:
        # A database that is away is waited for: a line each time, not a traceback.
        log.warning("tick failed", tick=name, failure=type(failure).__name__)
    except Exception:
        log.exception("tick failed", tick=name)


def tools_of(app: Flask) -> Tools:
    """The application's tools."""
    return cast("Tools", app.extensions["tools"])


def outgoing_http(tools: Tools) -> OutgoingHttp:
    """A client for this job's threads."""
    return OutgoingHttp(extra_origins=tools.settings.extra_origins, ca_file=tools.settings.outgoing_ca_file)
