"""Servers and load for the benchmarks: one core for the server, the other for the load."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from reviews_app.config import AppMode, Limits, Settings
from reviews_app.db.database import dispose_database, engine, transaction
from reviews_app.factory import create_app
from reviews_app.lib.clock import utc_now
from reviews_app.models.attribute import AttributeKind
from reviews_app.models.tables import METADATA
from tests.conftest import ENCRYPTION_KEY
from tests.factories.attribute import make_attribute
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.program import TOP, environment

SERVER_CORE, LOAD_CORE = "0", "1"
PAGE = "/stores/larkspur/products/ridge-daypack"
SECONDS = 8


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def empty_tables(folder: Path) -> Settings:
    """Settings on a SQLite file with every table and no row."""
    settings = Settings(
        app_mode=AppMode.TEST,
        data_dir=folder,
        secret_key="bench-secret-0123456789-abcdefghijkl",
        encryption_keys=ENCRYPTION_KEY,
        limits=Limits.OFF,
    )
    app = create_app(settings)
    with app.app_context():
        METADATA.create_all(engine())
    dispose_database(app)
    return settings


def filled_store(folder: Path, *, reviews: int = 60) -> Settings:
    """A store with one product, two questions and some reviews."""
    settings = empty_tables(folder)
    app = create_app(settings)
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store, variants=("Moss", "Slate"))
        make_attribute(writing, store, AttributeKind.SCALE, title="Comfort")
        make_attribute(writing, store, AttributeKind.MULTIPLE_CHOICE, title="Used for", position=1)
        for place in range(reviews):
            leave_review(writing, store, product, rating=1 + place % 5, clock=utc_now)
    dispose_database(app)
    return settings


@contextmanager
def serving(target: str, settings: Settings | None = None, *, threads: int = 4) -> Iterator[str]:
    """granian with one worker on one core; gives the address."""
    port = free_port()
    command = ["taskset", "-c", SERVER_CORE, sys.executable, "-m", "granian", "--interface", "wsgi"]
    options = [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        str(threads),
        "--http",
        "1",
    ]
    values = environment(settings) if settings else os.environ | {"PYTHONPATH": str(TOP)}
    process = subprocess.Popen(
        [*command, *options, "--no-ws", target], env=values, cwd=TOP, stdout=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(120)


def wait_for(address: str) -> None:
    for _ in range(1800):
        try:
            urlopen(f"{address}/health/live").close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{address} did not answer")


def requests_a_second(url: str) -> float:
    """wrk from the other core, eight connections."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise RuntimeError("the load comes from wrk: install the package wrk, or run make bench")
    command = ["taskset", "-c", LOAD_CORE, wrk, "-t1", "-c8", f"-d{SECONDS}s", url]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", shown)
    assert found, shown
    assert "Non-2xx" not in shown, shown
    return float(found.group(1))
