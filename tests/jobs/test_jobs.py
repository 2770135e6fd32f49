from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.jobs.run_job import job
from reviews_app.jobs.schedule import SCHEDULE
from reviews_app.jobs.send_mail import send_mail
from reviews_app.jobs.send_review_to_kustomer import send_review_to_kustomer
from reviews_app.lib.ids import new_id
from reviews_app.models.delivery import Delivery, DeliveryState
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, receiver
from tests.fakes.tools import fake_tools


@pytest.fixture
def kustomer() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


@pytest.fixture
def app(settings: Settings, clock: FakeClock, kustomer: Receiver) -> Iterator[Flask]:
    """An application with one review waiting for the receiver."""
    own = settings.model_copy(update={"kustomer_extra_origins": kustomer.origin})
    made = create_app(tools=fake_tools(own, clock))
    with made.app_context(), transaction() as writing:
        store = make_store(writing)
        make_destination(writing, store, api_url=kustomer.url)
        leave_review(writing, store, make_product(writing, store), clock=clock)
    yield made
    dispose_database(made)


def test_a_job_takes_an_id_as_text_and_may_run_twice(app: Flask, kustomer: Receiver) -> None:
    with app.app_context():
        delivery_id = str(session().scalars(select(Delivery.id)).one())
        assert send_review_to_kustomer(delivery_id) == 1
        assert send_review_to_kustomer(delivery_id) == 0
        assert session().scalars(select(Delivery.state)).all() == [DeliveryState.DELIVERED]
    assert len(kustomer.requests) == 1


def test_a_job_about_a_row_that_is_gone_goes_on_with_what_is_due(app: Flask) -> None:
    with app.app_context():
        assert send_review_to_kustomer(str(new_id())) == 1
        assert send_mail(str(new_id())) is False


def test_a_job_outside_a_worker_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="flask worker"):
        send_review_to_kustomer(str(new_id()))


def test_an_error_reaches_the_queue_and_the_log_names_the_row(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), job("a_job", "row-7"):
        _ = 1 / 0
    shown = capsys.readouterr().out
    assert '"event": "job failed"' in shown
    assert '"row": "row-7"' in shown


def test_every_line_of_the_clock_table_runs_and_is_named_once(app: Flask) -> None:
    shown = app.test_cli_runner().invoke(args=["scheduler", "--once"]).output
    for tick in SCHEDULE:
        assert f"{tick.name}: " in shown
    assert len({tick.name for tick in SCHEDULE}) == len(SCHEDULE)
