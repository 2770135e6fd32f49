import threading
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from reviews_app.db.database import engine, session
from reviews_app.db.postgres import PAGE_SECONDS, PING_SECONDS, Door


def wait_of_session() -> Any:
    """The patience of the connection this context's session reads over."""
    return session().connection().connection.driver_connection.wait  # type: ignore[union-attr]


@pytest.mark.postgresql_alone
def test_a_page_waits_for_an_answer_for_a_while_and_a_command_for_as_long_as_it_takes(app: Flask) -> None:
    with app.app_context():
        assert wait_of_session().seconds is None
    with app.test_request_context("/"):
        assert wait_of_session().seconds == PAGE_SECONDS
    with app.app_context():
        assert wait_of_session().seconds is None


@pytest.mark.postgresql_alone
def test_what_is_kept_for_the_next_one_is_asked_briefly_whether_it_still_answers(app: Flask) -> None:
    with app.app_context():
        kept = wait_of_session()
        session().rollback()
        session().close()
        assert kept.seconds == PING_SECONDS


@pytest.mark.postgresql_alone
def test_an_answer_that_comes_too_late_is_not_waited_for_and_its_connection_not_used_again(app: Flask) -> None:
    with app.test_request_context("/"):
        late = wait_of_session()
        late.seconds = 0.2
        began = time.monotonic()
        with pytest.raises(OperationalError):
            session().execute(text("SELECT pg_sleep(30)"))
        assert time.monotonic() - began < 5
        session().rollback()
        assert wait_of_session() is not late
        assert session().scalar(text("SELECT 1")) == 1


@pytest.mark.postgresql_alone
def test_a_mistake_of_a_statement_leaves_the_connection_to_the_next(app: Flask) -> None:
    with app.test_request_context("/"):
        same = wait_of_session()
        with pytest.raises(OperationalError):
            session().execute(text("SET LOCAL statement_timeout = 50; SELECT pg_sleep(10)"))
        session().rollback()
        assert wait_of_session() is same


@pytest.mark.postgresql_alone
def test_one_that_stopped_answering_while_it_was_kept_is_replaced(app: Flask) -> None:
    """The shopper who comes next does not see it."""
    with app.app_context():
        with engine().connect() as other:
            gone = wait_of_session()
            pid = session().scalar(text("SELECT pg_backend_pid()"))
            session().close()
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        assert session().scalar(text("SELECT 1")) == 1
        assert wait_of_session() is not gone


class Driver:
    """A driver whose server takes its time and then does not answer."""

    class OperationalError(Exception):
        """What psycopg raises."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.asked = 0

    def connect(self) -> None:
        self.asked += 1
        threading.Event().wait(self.seconds)
        raise self.OperationalError


@pytest.mark.parametrize(("seconds", "asked"), [(PING_SECONDS + 0.1, 1), (0.0, 2)])
def test_a_page_does_not_wait_in_vain_right_after_another_did(seconds: float, asked: int) -> None:
    """A server that refuses at once is asked each time: it may be there again."""
    driver = Driver(seconds)
    door = Door(driver, is_page=lambda: True)
    for _ in range(2):
        with pytest.raises(Driver.OperationalError):
            door.connect()
    assert driver.asked == asked


def test_a_command_asks_for_itself() -> None:
    driver = Driver(PING_SECONDS + 0.1)
    door = Door(driver, is_page=lambda: False)
    for _ in range(2):
        with pytest.raises(Driver.OperationalError):
            door.connect()
    assert driver.asked == 2
