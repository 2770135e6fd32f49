"""A PostgreSQL that hangs: stopped where it is, it takes connections and never answers."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.db.postgres import PAGE_SECONDS
from reviews_app.factory import create_app
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.postgres import Cluster
from tests.fakes.program import eventually
from tests.fakes.stamp import stamp
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.postgresql_alone, pytest.mark.timeout(180)]
PAGE = "/stores/larkspur/products/ridge-daypack/reviews/new"
SHOPPERS = 40
# What is promised, and a little for a machine with other things to do.
MOST_SECONDS = 5.5
AT_ONCE = 0.5


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    folder = Path(mkdtemp(prefix="frozen-", dir="/tmp"))
    made = Cluster(folder / "postgres")
    made.port()
    yield made
    made.thaw()
    made.stop()
    folder.rmdir()


@pytest.fixture
def shop(cluster: Cluster, settings: Settings) -> Iterator[Flask]:
    app = create_app(settings.model_copy(update={"database_url": cluster.new_database()}))
    stamp(app)
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    yield app
    dispose_database(app)


def ask(app: Flask, url: str) -> tuple[int, float]:
    began = time.monotonic()
    return app.test_client().get(url).status_code, time.monotonic() - began


def test_a_frozen_database_is_told_within_five_seconds_and_works_again_once_it_does(
    shop: Flask, cluster: Cluster, tell: Tell
) -> None:
    assert ask(shop, PAGE)[0] == ask(shop, "/health/ready")[0] == 200
    cluster.freeze()
    pages: list[tuple[int, float]] = []
    shoppers = [threading.Thread(target=lambda: pages.append(ask(shop, PAGE))) for _ in range(SHOPPERS)]
    for one in shoppers:
        one.start()
    live, ready = ask(shop, "/health/live"), ask(shop, "/health/ready")
    for one in shoppers:
        one.join()
    alone = ask(shop, PAGE)
    cluster.thaw()
    began = time.monotonic()
    eventually(lambda: ask(shop, PAGE)[0] == 200, within=10)
    healed = time.monotonic() - began
    tell(
        f"database frozen, {SHOPPERS} shoppers",
        live=live[1],
        ready_503=ready[1],
        page_503=alone[1],
        slowest_of_all=max(took for _, took in pages),
        healed_after=healed,
    )
    assert (live[0], live[1] < AT_ONCE) == (200, True)
    assert (ready[0], ready[1] < MOST_SECONDS) == (503, True)
    assert (alone[0], alone[1] < MOST_SECONDS) == (503, True)
    assert {status for status, _ in pages} == {503}
    assert max(took for _, took in pages) < MOST_SECONDS
    assert ask(shop, "/health/ready")[0] == 200


def test_a_page_in_the_middle_of_a_statement_does_not_hang_with_it(shop: Flask, cluster: Cluster, tell: Tell) -> None:
    ended: list[float] = []

    def read() -> None:
        with shop.test_request_context(PAGE):
            session().execute(text("SELECT 1"))
            began = time.monotonic()
            with pytest.raises(OperationalError):
                session().execute(text("SELECT pg_sleep(120)"))
            ended.append(time.monotonic() - began)

    reading = threading.Thread(target=read)
    reading.start()
    eventually(lambda: asleep(shop))
    cluster.freeze()
    reading.join(PAGE_SECONDS + 5)
    tell("database frozen under a statement of a page", given_up_after=ended[0])
    assert ended[0] < PAGE_SECONDS + 1


def asleep(app: Flask) -> bool:
    with app.app_context():
        seen = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE :words AND wait_event = 'PgSleep'")
        return bool(session().scalar(seen, {"words": "%pg_sleep%"}))
