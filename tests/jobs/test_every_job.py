"""What holds for every job: an id as text, nothing to do without its row, nothing more to do the second time."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.db.job_names import JobName
from reviews_app.jobs.run_job import job
from reviews_app.lib.ids import new_id
from reviews_app.models.bulk_send import BulkKind, BulkSend
from reviews_app.models.file_import import ImportKind
from reviews_app.models.mail_sender import MailSender
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.media import Media
from reviews_app.models.media_offer import MediaOffer
from reviews_app.models.store import Store
from reviews_app.services.take_in_file import keep_file
from reviews_app.services.tools import Tools
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.staged import make_staged
from tests.factories.store import make_store
from tests.fakes.clock import START
from tests.fakes.rows import changed, rows_of

OF_A_ROW = [name for name in JobName if name is not JobName.TIDY_MEDIA]
FILE = b"order_id,email,placed_at,product_id,product_title\n1,ann@example.com,2026-11-20,p-1,Pack"


def run(app: Flask, name: JobName, row_id: str) -> object:
    """As the queue starts it: by its name, with one text."""
    module, _, function = str(name).rpartition(".")
    with app.app_context():
        return getattr(import_module(module), function)(row_id)


@pytest.mark.parametrize("name", JobName)
def test_a_job_whose_row_is_gone_leaves_quietly_and_changes_nothing(app: Flask, name: JobName) -> None:
    before = rows_of(app)
    run(app, name, str(new_id()))
    assert changed(before, rows_of(app)) == []


@pytest.mark.parametrize("name", OF_A_ROW)
def test_what_is_no_id_is_an_error_of_ours_that_reaches_the_queue(app: Flask, name: JobName) -> None:
    for text in ("", "7", "larkspur"):
        with pytest.raises(ValueError, match="badly formed"):
            run(app, name, text)


@pytest.mark.parametrize("name", OF_A_ROW)
def test_the_id_of_another_table_is_as_good_as_none(app: Flask, name: JobName) -> None:
    with app.app_context(), transaction() as writing:
        store_id = str(make_store(writing).id)
    before = rows_of(app)
    run(app, name, store_id)
    assert changed(before, rows_of(app)) == []


def staged_picture(writing: Session, store: Store, tools: Tools) -> object:
    return make_staged(writing, store, tools).id


def let_go_picture(writing: Session, store: Store, tools: Tools) -> object:
    row: Media = make_staged(writing, store, tools)
    row.let_go()
    return row.id


def ended_offer(writing: Session, store: Store, tools: Tools) -> object:
    row = MediaOffer(store_id=store.id, form_id="form", upload_key="key", name="name", byte_count=9)
    row.created_at = tools.clock() - timedelta(days=1)
    writing.add(row)
    writing.flush()
    return row.id


def sent_logo(writing: Session, store: Store, _tools: Tools) -> object:
    row = MailStyle(store_id=store.id, logo_upload=b"no picture at all")
    writing.add(row)
    writing.flush()
    return row.id


def sent_file(writing: Session, store: Store, tools: Tools) -> object:
    row = keep_file(writing, store, ImportKind.ORDERS, raw=FILE, name="orders.csv", account_id=None, clock=tools.clock)
    return row.id


def begun_bulk_send(writing: Session, store: Store, tools: Tools) -> object:
    leave_review(writing, store, make_product(writing, store), clock=tools.clock)
    destination = make_destination(writing, store)
    row = BulkSend(store_id=store.id, destination_id=destination.id, kind=BulkKind.PAST, total=1)
    row.created_at = tools.clock()
    writing.add(row)
    writing.flush()
    return row.id


def sender_without_an_address(writing: Session, store: Store, _tools: Tools) -> object:
    row = MailSender(store_id=store.id, check_asked_at=START)
    writing.add(row)
    writing.flush()
    return row.id


Make = Callable[[Session, Store, Tools], object]
# A row that waits for the job, and what the job gives the first and the second time.
WORK: dict[JobName, tuple[Make, Any, Any]] = {
    JobName.PROCESS_MEDIA: (staged_picture, True, False),
    JobName.CLEAR_OFFER: (ended_offer, True, False),
    JobName.REMOVE_MEDIA: (let_go_picture, True, False),
    JobName.ENCODE_LOGO: (sent_logo, False, False),
    JobName.TAKE_IN_FILE: (sent_file, True, True),
    JobName.CONTINUE_BULK_SEND: (begun_bulk_send, 1, 0),
    JobName.CHECK_SENDER: (sender_without_an_address, True, False),
}


@pytest.mark.parametrize("name", WORK)
def test_run_twice_the_second_time_changes_nothing(app: Flask, name: JobName) -> None:
    make, first, second = WORK[name]
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        row_id = str(make(writing, store, app.extensions["tools"]))
    before = rows_of(app)
    assert run(app, name, row_id) == first
    between = rows_of(app)
    assert changed(before, between) != []
    assert run(app, name, row_id) == second
    assert changed(between, rows_of(app)) == []


@pytest.fixture
def bare() -> Flask:
    """An application with nothing in it but tools nobody looks into."""
    made = Flask("bare")
    made.extensions["tools"] = object()
    return made


def test_a_job_is_handed_the_tools_of_the_application_it_runs_in(bare: Flask) -> None:
    with bare.app_context(), job("a_job", "row-7") as tools:
        assert tools is bare.extensions["tools"]


def test_every_line_of_the_log_names_the_job_and_its_row_until_it_ends(bare: Flask) -> None:
    before = structlog.contextvars.get_contextvars()
    with bare.app_context():
        with job("a_job", "row-7"):
            assert structlog.contextvars.get_contextvars() == before | {"job": "a_job", "row": "row-7"}
        assert structlog.contextvars.get_contextvars() == before
        with pytest.raises(ZeroDivisionError), job("a_job", "row-8"):
            _ = 1 / 0
        assert structlog.contextvars.get_contextvars() == before


def test_a_job_that_is_told_to_stop_says_no_word_of_a_failure(bare: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with bare.app_context(), pytest.raises(SystemExit), job("a_job", "row-7"):
        raise SystemExit
    assert "job failed" not in capsys.readouterr().out
