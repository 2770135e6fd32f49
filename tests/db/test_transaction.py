import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit, take_rings
from reviews_app.db.database import TransactionNested, transaction
from reviews_app.db.database import session as reading
from reviews_app.db.job_names import JobName
from reviews_app.lib.ids import new_id
from reviews_app.models.store import Store
from tests.factories.store import make_store


def test_what_was_written_is_there_afterwards(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        make_store(session)
    with app.app_context():
        assert reading().scalar(select(Store.slug)) == "larkspur"


def test_an_error_leaves_no_row_and_no_job(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction() as session:
            make_store(session)
            ring_after_commit(session, JobName.SEND_MAIL, new_id())
            raise ZeroDivisionError
        assert reading().scalar(select(Store.slug)) is None
        assert take_rings(reading()) == []


def test_transactions_do_not_nest(app: Flask) -> None:
    with app.app_context(), transaction(), pytest.raises(TransactionNested), transaction():
        pass


def test_a_row_read_before_is_read_again_under_the_lock(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        make_store(session)
    with app.app_context():
        store = reading().scalar(select(Store))
        assert store is not None
        rename_elsewhere(app)
        with transaction():
            assert store.name == "Renamed"


def rename_elsewhere(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.scalars(select(Store)).one().name = "Renamed"


def test_rings_are_taken_once(session: Session) -> None:
    one = new_id()
    ring_after_commit(session, JobName.SEND_MAIL, one)
    assert [ring.row_id for ring in take_rings(session)] == [one]
    assert take_rings(session) == []
