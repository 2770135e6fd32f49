"""How long a review takes from its commit to the helpdesk, with a real queue and one worker: on an idle system, at
twenty a second, and while another store's Kustomer hangs on ten thousand."""

import threading
import time
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench.memory import resident_mb
from bench.serving import empty_tables
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

IDLE, IDLE_PAUSE = 100, 0.3
A_SECOND, SECONDS = 20, 20
BACKLOG, NEXT_DOOR, NEXT_DOOR_PAUSE = 10_000, 100, 0.25


def measure_idle() -> dict[str, float]:
    with TemporaryDirectory() as folder, running_house(empty_tables(Path(folder)), unit=1.0) as house:
        with running(house.settings, "worker", "kustomer") as worker:
            warm_up(house)
            before = resident_mb(worker.pid)
            for _ in range(IDLE):
                leave(house, "larkspur")
                time.sleep(IDLE_PAUSE)
            eventually(lambda: house.all_delivered(IDLE + 1))
            grown = resident_mb(worker.pid) - before
        return steps(house, "larkspur", warm=1) | {"worker_grown_mb": round(grown, 1)}


def measure_busy() -> dict[str, float]:
    with TemporaryDirectory() as folder, running_house(empty_tables(Path(folder)), unit=1.0) as house:
        with running(house.settings, "worker", "kustomer"):
            warm_up(house)
            left = [leave_at(house, place) for place in range(A_SECOND * SECONDS)]
            for thread in left:
                thread.join()
            eventually(lambda: house.all_delivered(len(left) + 1))
        return steps(house, "larkspur", warm=1)


def measure_next_door() -> dict[str, float]:
    hangs = threading.Event()
    with TemporaryDirectory() as folder, running_house(empty_tables(Path(folder)), unit=1.0) as house:
        with house.app.app_context(), transaction() as writing:
            store = make_store(writing, "juniper")
            make_destination(writing, store, api_url=f"{house.kustomer.url}b")
            make_backlog(writing, store, make_product(writing, store), BACKLOG, now=utc_now())

        def hang_for_juniper(got: Got) -> Told | None:
            return Told(hold=hangs) if got.path.endswith("b") else None

        house.kustomer.answer_to = hang_for_juniper
        with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
            eventually(lambda: house.kustomer.requests)
            for _ in range(NEXT_DOOR):
                leave(house, "larkspur")
                time.sleep(NEXT_DOOR_PAUSE)
            eventually(lambda: len(seconds(house, "larkspur")) == NEXT_DOOR)
            hangs.set()
        return steps(house, "larkspur")


def warm_up(house: House) -> None:
    leave(house, "larkspur")
    eventually(lambda: house.all_delivered(1))


def leave(house: House, slug: str) -> None:
    with house.app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store).where(Store.slug == slug)).one()
        product = writing.scalars(select(Product).where(Product.store_id == store.id)).one()
        leave_review(writing, store, product, clock=utc_now)


def leave_at(house: House, place: int) -> threading.Thread:
    thread = threading.Timer(place / A_SECOND, leave, args=(house, "larkspur"))
    thread.start()
    return thread


def seconds(house: House, slug: str) -> list[float]:
    """From left to delivered, in the order they were left."""
    with house.app.app_context():
        theirs = select(Delivery).join(Store, Store.id == Delivery.store_id).where(Store.slug == slug)
        rows = session().scalars(theirs.order_by(Delivery.created_at)).all()
        return [(row.delivered_at - row.created_at).total_seconds() for row in rows if row.delivered_at]


def steps(house: House, slug: str, *, warm: int = 0) -> dict[str, float]:
    """Figures of all but the first `warm`: those waited for the worker to start."""
    took = seconds(house, slug)[warm:]
    found = quantiles(took, n=100)
    return {"reviews": len(took), "p50_s": round(found[49], 3), "p99_s": round(found[98], 3)}
