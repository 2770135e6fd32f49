"""When a transaction's bells ring, what a broken one leaves behind, and what was outside of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from reviews_app.db.after_commit import Ring, ring_after_commit
from reviews_app.db.clock import database_now
from reviews_app.db.database import BELL, TransactionNested, dispose_database, transaction
from reviews_app.db.database import session as reading
from reviews_app.db.job_names import JobName
from reviews_app.lib.clock import utc_now
from reviews_app.lib.ids import new_id
from reviews_app.models.store import Store
from tests.factories.store import make_store

ONE, TWO = new_id(), new_id()


class Listener:
    """Hears the bell in place of a queue, and looks at how many stores anybody else sees just then."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.heard: list[tuple[list[Ring], int]] = []

    def ring(self, rings: list[Ring]) -> int:
        with self._app.app_context():
            self.heard.append((rings, stores()))
        return len(rings)


def stores() -> int:
    return reading().scalar(select(func.count()).select_from(Store)) or 0


@pytest.fixture
def listener(app: Flask) -> Listener:
    made = Listener(app)
    app.extensions[BELL] = made
    return made


def test_the_bell_rings_once_for_all_when_everybody_can_see_the_rows(app: Flask, listener: Listener) -> None:
    with app.app_context(), transaction() as writing:
        ring_after_commit(writing, JobName.SEND_MAIL, ONE)
        make_store(writing)
        ring_after_commit(writing, JobName.SEND_MAIL, TWO, is_urgent=True)
        assert listener.heard == []
    assert listener.heard == [([Ring(JobName.SEND_MAIL, ONE), Ring(JobName.SEND_MAIL, TWO, is_urgent=True)], 1)]


def test_who_noted_no_job_touches_no_bell(app: Flask, listener: Listener) -> None:
    with app.app_context(), transaction() as writing:
        make_store(writing)
    assert listener.heard == []


def test_a_job_may_open_a_transaction_of_its_own_as_the_bell_rings(app: Flask) -> None:
    class Eager:
        def ring(self, rings: list[Ring]) -> int:
            with transaction() as writing:
                make_store(writing, "juniper")
            return len(rings)

    app.extensions[BELL] = Eager()
    with app.app_context():
        with transaction() as writing:
            ring_after_commit(writing, JobName.SEND_MAIL, ONE)
        assert stores() == 1


@pytest.mark.parametrize("end", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
def test_however_a_transaction_breaks_the_next_one_is_clean(
    app: Flask, listener: Listener, end: Callable[[], BaseException]
) -> None:
    with app.app_context():
        with pytest.raises(end), transaction() as writing:  # type: ignore[call-overload]
            make_store(writing)
            ring_after_commit(writing, JobName.SEND_MAIL, ONE)
            raise end()
        with transaction() as writing:
            make_store(writing, "juniper")
            ring_after_commit(writing, JobName.SEND_MAIL, TWO)
        assert list(reading().scalars(select(Store.slug))) == ["juniper"]
    assert listener.heard == [([Ring(JobName.SEND_MAIL, TWO)], 1)]


def test_what_the_database_refuses_at_the_very_end_rings_no_bell(app: Flask, listener: Listener) -> None:
    with app.app_context():
        with transaction() as writing:
            make_store(writing)
        with pytest.raises(IntegrityError), transaction() as writing:
            writing.add(Store(slug="larkspur", name="", languages=["en"], created_at=utc_now()))
            ring_after_commit(writing, JobName.SEND_MAIL, ONE)
        assert stores() == 1
    assert listener.heard == []


def test_a_refused_inner_transaction_leaves_the_outer_one_as_it_is(app: Flask, listener: Listener) -> None:
    with app.app_context():
        with transaction() as writing:
            make_store(writing)
            ring_after_commit(writing, JobName.SEND_MAIL, ONE)
            for _ in range(2):
                with pytest.raises(TransactionNested), transaction():
                    pass
            make_store(writing, "juniper")
        assert stores() == 2
    assert [len(rings) for rings, _seen in listener.heard] == [1]


def test_what_was_changed_outside_of_a_transaction_is_not_carried_into_it(app: Flask) -> None:
    with app.app_context():
        with transaction() as writing:
            make_store(writing)
        reading().scalars(select(Store)).one().name = "Never"
        make_store(reading(), "juniper")
        with transaction() as writing:
            writing.scalars(select(Store)).one().currency = "EUR"
        assert [(one.slug, one.name, one.currency) for one in reading().scalars(select(Store))] == [
            ("larkspur", "Larkspur", "EUR")
        ]


def test_an_application_that_is_closed_opens_again_on_its_next_use(app: Flask) -> None:
    with app.app_context(), transaction() as writing:
        make_store(writing)
    dispose_database(app)
    with app.app_context():
        assert stores() == 1


def test_the_databases_clock_has_a_zone_and_does_not_go_back(app: Flask) -> None:
    before = utc_now()
    with app.app_context():
        first, second = database_now(reading()), database_now(reading())
    assert first <= second
    assert first.utcoffset() == before.utcoffset()
    assert abs((first - before).total_seconds()) < 30
