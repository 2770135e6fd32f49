from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from reviews_app.db.after_commit import Ring
from reviews_app.db.database import engine
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.services.dispatch.rehearse import rehearse
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.tools import Tools
from tests.fakes.receiver import Receiver
from tests.fakes.rows import rows_of
from tests.services.dispatch.looking import Leave, Send


def test_a_rehearsal_leaves_no_row_rings_no_bell_and_calls_nobody(
    app: Flask, leave: Leave, tools: Tools, kustomer: Receiver
) -> None:
    leave(2)
    rung: list[Ring] = []
    app.extensions["bell"].ring = rung.extend
    before = rows_of(app)
    rehearse(tools=tools)
    assert rows_of(app) == before
    assert (rung, kustomer.requests) == ([], [])


@pytest.fixture
def worked_out(in_context: None) -> Iterator[list[str]]:
    """Statements SQLAlchemy had to work out, because it met them for the first time."""
    missed: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, _values: object, context: Any, _many: bool) -> None:
        if getattr(context, "cache_hit", None) is CacheStats.CACHE_MISS:
            missed.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    yield missed
    event.remove(engine(), "before_cursor_execute", note)


def test_after_a_rehearsal_the_first_delivery_meets_no_new_statement(
    leave: Leave, send_all: Send, tools: Tools, worked_out: list[str]
) -> None:
    named = leave(1)[0].id
    rehearse(tools=tools)
    assert worked_out
    worked_out.clear()
    http = OutgoingHttp(extra_origins=tools.settings.extra_origins)
    assert send_to_kustomer(named, tools=tools, http=http) == 1
    assert worked_out == []


def test_what_waits_is_sent_after_a_rehearsal_as_before(leave: Leave, send_all: Send, tools: Tools) -> None:
    leave(2)
    for _ in range(3):
        rehearse(tools=tools)
    assert send_all() == 2
