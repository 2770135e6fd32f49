import base64
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import func, select

from bench.serving import free_port
from reviews_app.config import AppMode, Limits, Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.lib.clock import utc_now
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Destination
from reviews_app.models.review import Review
from reviews_app.services.hold_destination import heal_destination, pause
from tests.conftest import ENCRYPTION_KEY
from tests.factories.destination import API_KEY
from tests.fakes.postgres import DURABLE, Cluster
from tests.fakes.program import TOP, environment, eventually
from tests.fakes.queue import Queue, running_queue
from tests.fakes.receiver import Receiver, Told, receiver
from tests.faults.conftest import Tell
from tests.faults.doors import p95
from tests.faults.town import LINK_EVERY, Processes, Shoppers, found_town

pytestmark = [pytest.mark.faults, pytest.mark.timeout(2400)]
PER_SECOND = 10.0
SHOPPERS = 16
KILL_EVERY, FLUSH_EVERY = 5.0, 60.0
FAULTY = 0.2


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster(Path(mkdtemp(prefix="town-", dir="/tmp")) / "postgres", options=DURABLE)
    made.port()
    yield made
    made.stop()


@pytest.fixture
def queue() -> Iterator[Queue]:
    with running_queue() as made:
        yield made


@pytest.fixture
def kustomer() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def settings_of(cluster: Cluster, queue: Queue, kustomer: Receiver, folder: Path) -> Settings:
    return Settings(
        app_mode=AppMode.TEST,
        data_dir=folder,
        database_url=cluster.new_database(),
        redis_url=queue.url,
        secret_key="a-secret-for-tests-only-0123456789abcdef",
        encryption_keys=ENCRYPTION_KEY,
        public_url="http://shop.test",
        limits=Limits.OFF,
        kustomer_extra_origins=kustomer.origin,
        delivery_time_unit=0.1,
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everything_dies_again_and_again_and_no_review_is_lost(
    seed: int,
    cluster: Cluster,
    queue: Queue,
    kustomer: Receiver,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    tell: Tell,
) -> None:
    count: int = pytestconfig.getoption("--reviews")
    chance = random.Random(seed)
    settings = settings_of(cluster, queue, kustomer, tmp_path)
    app = create_app(settings)
    doors = found_town(app, settings, kustomer, links=count // LINK_EVERY + 20)
    kustomer.by_chance = lambda: Told(chance.choice([500, 502, 503])) if chance.random() < FAULTY else None
    town = Processes(settings, free_port(), tmp_path / "log", queue)
    town.start_all()
    shoppers = Shoppers(f"http://127.0.0.1:{town.port}", doors, count=count, per_second=PER_SECOND)
    threads = [threading.Thread(target=shoppers.work, daemon=True) for _ in range(SHOPPERS)]
    try:
        for thread in threads:
            thread.start()
        trouble(town, threads, cluster=cluster, queue=queue, chance=chance, count=count)
        began = time.monotonic()
        assert shoppers.taken == count
        kustomer.by_chance = lambda: None
        dispose_database(app)
        app = create_app(town.settings)
        eventually(lambda: oldest_waiting(app) < 60, within=300)
        eventually(lambda: states(app) == {DeliveryState.DELIVERED: count}, within=300)
        drained = time.monotonic() - began
    finally:
        town.stop_all()
    lost, repeats = counted(app, kustomer, count)
    took = left_to_delivered(app)
    tell(
        f"full run, seed {seed}: {count} reviews, {town.killed.total()} kills",
        lost=lost,
        twice=repeats,
        p50=took[len(took) // 2],
        p95=p95(took),
        slowest=took[-1],
        drained_in=drained,
        killed=dict(town.killed),
    )
    assert (lost, shoppers.strange) == (0, [])
    assert repeats <= count // 100
    assert hidden(app, cluster, settings, town.log, folder=tmp_path) == []
    dispose_database(app)


def trouble(
    town: Processes,
    threads: list[threading.Thread],
    *,
    cluster: Cluster,
    queue: Queue,
    chance: random.Random,
    count: int,
) -> None:
    """Kill one every 5 s, flush every minute, restart the database twice, rotate the keys, pause a store."""
    lasts = count / PER_SECOND
    events = [(lasts * 0.3, "database"), (lasts * 0.4, "pause"), (lasts * 0.5, "keys"), (lasts * 0.6, "database")]
    events += [(lasts * 0.7, "resume"), *((at, "flush") for at in every(FLUSH_EVERY, lasts))]
    events += [(at, "kill") for at in every(KILL_EVERY, lasts)]
    began = time.monotonic()
    for at, what in sorted(events):
        time.sleep(max(0.0, began + at - time.monotonic()))
        happen(what, town, cluster=cluster, queue=queue, chance=chance)
    for thread in threads:
        thread.join(180)


def every(seconds: float, lasts: float) -> list[float]:
    return [seconds * turn for turn in range(1, max(2, int(lasts / seconds)))]


def happen(what: str, town: Processes, *, cluster: Cluster, queue: Queue, chance: random.Random) -> None:
    if what == "kill":
        town.kill_one(chance)
    elif what == "flush":
        queue.client().flushall()
    elif what == "database":
        cluster.restart()
    elif what == "keys":
        rotate_keys(town)
    else:
        pause_or_resume(town.settings, is_pause=what == "pause")


def rotate_keys(town: Processes) -> None:
    """As the operator's page says: the new key first, restart, rotate, the old one out, restart."""
    new = Fernet.generate_key().decode()
    town.take(town.settings.model_copy(update={"encryption_keys": f"{new},{ENCRYPTION_KEY}"}))
    command = [sys.executable, "-m", "flask", "rotate-keys"]
    subprocess.run(command, env=environment(town.settings), cwd=TOP, check=True, capture_output=True)
    town.take(town.settings.model_copy(update={"encryption_keys": new}))


def pause_or_resume(settings: Settings, *, is_pause: bool) -> None:
    app = create_app(settings)
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Destination).order_by(Destination.id).limit(1)).one()
        if is_pause:
            pause(writing, store)
        else:
            heal_destination(writing, store, now=utc_now())
    dispose_database(app)


def states(app: Flask) -> dict[DeliveryState, int]:
    with app.app_context():
        rows = session().execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all()
    return {row[0]: row[1] for row in rows}


def oldest_waiting(app: Flask) -> float:
    with app.app_context():
        waiting = select(func.min(Delivery.created_at)).where(Delivery.state != DeliveryState.DELIVERED)
        oldest = session().scalar(waiting)
    return (utc_now() - oldest).total_seconds() if oldest else 0.0


def left_to_delivered(app: Flask) -> list[float]:
    """Seconds from the review's commit to Kustomer's answer, the shortest first."""
    with app.app_context():
        rows = session().execute(select(Delivery.created_at, Delivery.delivered_at)).all()
    return sorted((row.delivered_at - row.created_at).total_seconds() for row in rows)


def counted(app: Flask, kustomer: Receiver, count: int) -> tuple[int, int]:
    """How many saved reviews Kustomer never took, and how many requests it took more than once, byte for byte equal."""
    taken = [one for one in kustomer.requests if one.answered == 200]
    by_event = Counter(str(one.event["eventId"]) for one in taken)
    bodies = {(str(one.event["eventId"]), one.body) for one in kustomer.requests}
    with app.app_context():
        saved = {str(found) for found in session().scalars(select(Delivery.id))}
        reviews = session().scalar(select(func.count()).select_from(Review))
    assert reviews == count
    assert len(bodies) == len(by_event)
    return len(saved - set(by_event)) + abs(count - len(saved)), len(taken) - len(by_event)


def hidden(app: Flask, cluster: Cluster, settings: Settings, log: Path, *, folder: Path) -> list[str]:
    """Where the key stands in clear: in the rows, the log, any file."""
    spellings = [API_KEY.encode(), base64.b64encode(API_KEY.encode()), API_KEY[-16:].encode()]
    places = {"rows": cluster.dump(settings.database_url), "log": log.read_bytes()}
    places |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [name for name, content in places.items() if any(one in content for one in spellings)]
