import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.config import Settings
from reviews_app.db.database import session, transaction
from reviews_app.lib.clock import utc_now
from reviews_app.models.delivery import Delivery
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from tests.factories.backlog import make_backlog
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.house import House, running_house
from tests.fakes.program import eventually, running
from tests.fakes.receiver import Got, Told
from tests.faults.conftest import Tell
from tests.faults.doors import p95

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
BACKLOG, LEFT, A_SECOND = 10_000, 100, 4.0


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The pace and the schedule of every day: the neighbour's trouble must not be over sooner."""
    with running_house(settings, unit=1.0) as made:
        yield made


def open_next_door(app: Flask, url: str) -> None:
    with app.app_context(), transaction() as writing:
        store = make_store(writing, "juniper")
        make_destination(writing, store, api_url=f"{url}b")
        make_product(writing, store)


def leave_next_door(app: Flask) -> None:
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store).where(Store.slug == "juniper")).one()
        product = writing.scalars(select(Product).where(Product.store_id == store.id)).one()
        leave_review(writing, store, product, clock=utc_now)


def seconds_next_door(app: Flask) -> list[float]:
    """From left to delivered, of those that arrived."""
    with app.app_context():
        theirs = select(Delivery).join(Store, Store.id == Delivery.store_id).where(Store.slug == "juniper")
        rows = session().scalars(theirs).all()
        return [(row.delivered_at - row.created_at).total_seconds() for row in rows if row.delivered_at]


def test_a_store_whose_kustomer_hangs_on_ten_thousand_delays_no_other(house: House, tell: Tell) -> None:
    hangs = threading.Event()
    url = house.kustomer.url

    def only_the_first_store(got: Got) -> Told | None:
        return None if got.path.endswith("b") else Told(hold=hangs)

    house.kustomer.answer_to = only_the_first_store
    with house.app.app_context(), transaction() as writing:
        store, product = writing.scalars(select(Store)).one(), writing.scalars(select(Product)).one()
        make_backlog(writing, store, product, BACKLOG, now=utc_now())
    open_next_door(house.app, url)
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: len(house.kustomer.requests) >= 2, within=60)
        began = time.monotonic()
        for place in range(LEFT):
            time.sleep(max(0.0, began + place / A_SECOND - time.monotonic()))
            leave_next_door(house.app)
        eventually(lambda: len(seconds_next_door(house.app)) == LEFT, within=60)
    hangs.set()
    took = seconds_next_door(house.app)
    hanging = [got for got in house.kustomer.requests if not got.path.endswith("b")]
    tell(f"{BACKLOG} hang next door, {LEFT} left", p50=sorted(took)[LEFT // 2], p95=p95(took), hung=len(hanging))
    assert p95(took) <= 5.0
    assert house.twice() == 0
