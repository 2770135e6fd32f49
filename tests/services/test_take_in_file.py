from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.db.database import session as database_session
from reviews_app.db.database import transaction
from reviews_app.integrations.csv_file.read import FileRefused
from reviews_app.jobs.take_in_file import put_in_file, take_in_file
from reviews_app.lib.ids import new_id
from reviews_app.models.file_import import FileImport, ImportKind, ImportState
from reviews_app.models.order import Order
from reviews_app.models.order_report import OrderReport, ReportedLine
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.services.take_in_file import (
    MOST_TRIES,
    STEP,
    begin_file,
    begin_run,
    keep_file,
    put_in_step,
    read_kept_file,
    ring_for_files,
)
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock

HEAD = "order_id,email,placed_at,product_id,product_title"
MANY = STEP * 2 + 7


def file_of(count: int) -> bytes:
    lines = (f"{number},b{number}@example.com,2026-11-20,p-{number % 3},Pack" for number in range(count))
    return "\n".join([HEAD, *lines]).encode()


def send(app: Flask, raw: bytes, clock: FakeClock, kind: ImportKind = ImportKind.ORDERS) -> str:
    with app.app_context(), transaction() as writing:
        store = writing.scalar(select(Store)) or make_store(writing)
        row = keep_file(writing, store, kind, raw=raw, name="orders.csv", account_id=None, clock=clock)
        return str(row.id)


def standing(app: Flask) -> tuple[ImportState, int, int, int]:
    """State, how many are in, of how many, and how many orders there really are."""
    with app.app_context():
        row = database_session().scalars(select(FileImport)).one()
        real = database_session().scalar(select(func.count()).select_from(Order)) or 0
        return row.state, row.done, row.total, real


def test_a_file_is_taken_in_whole(app: Flask, clock: FakeClock) -> None:
    import_id = send(app, file_of(MANY), clock)
    with app.app_context():
        assert take_in_file(import_id)
        assert take_in_file(import_id), "again there is nothing to do"
    assert standing(app) == (ImportState.DONE, MANY, MANY, MANY)
    with app.app_context():
        row = database_session().scalars(select(FileImport)).one()
        assert (row.content, row.line_count, row.finished_at) == (None, MANY, clock())


def test_the_same_file_again_adds_no_row(app: Flask, clock: FakeClock) -> None:
    for raw in (file_of(20), b"\n".join([HEAD.encode(), *reversed(file_of(20).split(b"\n")[1:])])):
        with app.app_context():
            import_id = send(app, raw, clock)
            take_in_file(import_id)
    with app.app_context():
        assert database_session().scalar(select(func.count()).select_from(Order)) == 20
        assert database_session().scalar(select(func.count()).select_from(Product)) == 3


@pytest.mark.parametrize("line", ["x,nobody,2026-11-20,p,", 'x,"a@example.com,2026-11-20,p,'])
def test_one_bad_line_and_nothing_of_the_file_is_taken_in(app: Flask, clock: FakeClock, line: str) -> None:
    import_id = send(app, file_of(MANY) + f"\n{line}".encode(), clock)
    with app.app_context():
        assert take_in_file(import_id)
    state, done, _total, real = standing(app)
    assert (state, done, real) == (ImportState.REFUSED, 0, 0)
    with app.app_context():
        row = database_session().scalars(select(FileImport)).one()
        assert [problem[0] for problem in row.errors] == [MANY + 2]
        assert row.error_count == 1


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_run_that_stops_goes_on_where_it_was(app: Flask, clock: FakeClock, steps: int) -> None:
    """As after a kill: some steps were committed, then nobody was there any more."""
    import_id = send(app, file_of(MANY), clock)
    with app.app_context():
        row_id = database_session().scalars(select(FileImport.id)).one()
        found = read_kept_file(database_session(), row_id, clock=clock)
        assert found is not None
        with transaction() as writing:
            done = begin_file(writing, row_id, found, clock=clock)
        for _ in range(steps):
            assert done is not None
            with transaction() as writing:
                done = put_in_step(writing, row_id, found, after=done, clock=clock)
    assert standing(app) == (ImportState.RUNNING, STEP * steps, MANY, STEP * steps)
    with app.app_context():
        assert take_in_file(import_id)
    assert standing(app) == (ImportState.DONE, MANY, MANY, MANY)


def test_a_step_that_fails_half_way_leaves_neither_orders_nor_count(app: Flask, clock: FakeClock) -> None:
    send(app, file_of(MANY), clock)
    with app.app_context():
        row_id = database_session().scalars(select(FileImport.id)).one()
        found = read_kept_file(database_session(), row_id, clock=clock)
        assert found is not None
        with transaction() as writing:
            begin_file(writing, row_id, found, clock=clock)
        with pytest.raises(ZeroDivisionError), transaction() as writing:
            put_in_step(writing, row_id, found, after=0, clock=clock)
            _ = 1 / 0
    assert standing(app) == (ImportState.RUNNING, 0, MANY, 0)


def test_two_at_one_file_never_put_a_step_in_twice(app: Flask, clock: FakeClock) -> None:
    send(app, file_of(MANY), clock)
    with app.app_context():
        row_id = database_session().scalars(select(FileImport.id)).one()
        found = read_kept_file(database_session(), row_id, clock=clock)
        assert found is not None
        with transaction() as writing:
            begin_file(writing, row_id, found, clock=clock)
            assert put_in_step(writing, row_id, found, after=0, clock=clock) == STEP
            assert put_in_step(writing, row_id, found, after=0, clock=clock) is None
    assert standing(app)[1] == STEP


def test_a_run_out_of_time_is_rung_for_again(app: Flask, clock: FakeClock) -> None:
    send(app, file_of(MANY), clock)
    with app.app_context():
        row_id = database_session().scalars(select(FileImport.id)).one()
        assert not put_in_file(row_id, tools=app.extensions["tools"], seconds=-1)
        with transaction() as writing:
            assert ring_for_files(writing, now=clock()) == 0, "somebody may be at it"
            assert ring_for_files(writing, now=clock() + timedelta(seconds=31)) == 1
        assert put_in_file(row_id, tools=app.extensions["tools"])
        with transaction() as writing:
            assert ring_for_files(writing, now=clock() + timedelta(days=1)) == 0


def test_a_product_the_store_cannot_take_is_told_and_the_others_come_in(app: Flask, clock: FakeClock) -> None:
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing), variants=("Moss",))
    raw = b"product_id,title,variant_id,variant\n1,One,larkspur-ridge-daypack-Moss,Moss\n2,Two,,"
    import_id = send(app, raw, clock, ImportKind.PRODUCTS)
    with app.app_context():
        take_in_file(import_id)
        row = database_session().scalars(select(FileImport)).one()
        assert (row.state, row.error_count, row.errors[0][0]) == (ImportState.DONE, 1, 2)
        titles = set(database_session().scalars(select(Product.title)))
        assert titles == {"Ridge Daypack", "Two"}


def test_what_the_database_refuses_is_that_lines_refusal(app: Flask, clock: FakeClock) -> None:
    send(app, file_of(3), clock)
    with app.app_context():
        row_id = database_session().scalars(select(FileImport.id)).one()
        found = read_kept_file(database_session(), row_id, clock=clock)
        assert found is not None
        line, report = found.items[1]
        assert isinstance(report, OrderReport)
        nameless = ReportedLine(cast("str", None), "Pack")
        found.items[1] = line, replace(report, lines=(nameless,))
        with transaction() as writing:
            begin_file(writing, row_id, found, clock=clock)
        with transaction() as writing:
            assert put_in_step(writing, row_id, found, after=0, clock=clock) is None
        row = database_session().scalars(select(FileImport)).one()
        assert [problem[0] for problem in row.errors] == [3]
        assert "Send it again mended" in row.errors[0][1]
    assert standing(app) == (ImportState.DONE, 3, 3, 2)


@pytest.mark.parametrize(
    ("steps", "state", "words"),
    [(0, ImportState.REFUSED, "after 0 of 107"), (1, ImportState.DONE, "after 50 of 107")],
)
def test_a_file_whose_runs_break_off_at_one_place_is_given_up(
    app: Flask, clock: FakeClock, steps: int, state: ImportState, words: str
) -> None:
    """As when a worker is killed by what it puts in: no bell rings for it for ever."""
    import_id = send(app, file_of(MANY), clock)
    with app.app_context():
        row_id = database_session().scalars(select(FileImport.id)).one()
        found = read_kept_file(database_session(), row_id, clock=clock)
        assert found is not None
        done: int | None = 0
        for _ in range(steps + 1):
            for _ in range(MOST_TRIES):
                with transaction() as writing:
                    assert begin_run(writing, row_id, clock=clock)
                    begin_file(writing, row_id, found, clock=clock)
            if steps and done == 0:
                with transaction() as writing:
                    done = put_in_step(writing, row_id, found, after=0, clock=clock)
        assert take_in_file(import_id)
        row = database_session().scalars(select(FileImport)).one()
        assert (row.state, row.content, row.errors[0][0]) == (state, None, 0)
        assert words in row.errors[0][1]
        assert row.error_count == MANY - steps * STEP
        with transaction() as writing:
            assert ring_for_files(writing, now=clock() + timedelta(days=1)) == 0


def test_what_is_no_table_is_not_even_kept(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    with pytest.raises(FileRefused):
        keep_file(session, store, ImportKind.ORDERS, raw=b"a,b", name="x", account_id=None, clock=clock)
    assert session.scalars(select(FileImport)).all() == []


def test_a_file_that_is_gone_is_finished(app: Flask) -> None:
    with app.app_context():
        assert take_in_file(str(new_id()))


def test_drain_takes_files_in_without_a_worker(app: Flask, clock: FakeClock) -> None:
    send(app, file_of(3), clock)
    assert "files taken in: 1" in app.test_cli_runner().invoke(args=["drain"]).output
    assert standing(app) == (ImportState.DONE, 3, 3, 3)
