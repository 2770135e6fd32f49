"""How long a shopper waits for the answer to a sent form while the queue is frozen, beside a queue that answers."""

import time
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from uuid import uuid4

import requests
from sqlalchemy import select

from bench.serving import PAGE, filled_store, serving
from reviews_app.db.database import dispose_database, transaction
from reviews_app.factory import create_app
from reviews_app.models.store import Store
from tests.factories.destination import make_destination
from tests.fakes.queue import Queue, running_queue
from tests.fakes.visitor import Page

FORMS, PAUSE = 200, 0.02


def measure() -> dict[str, float]:
    with TemporaryDirectory() as folder, running_queue() as queue:
        settings = filled_store(Path(folder), reviews=10).model_copy(update={"redis_url": queue.url})
        app = create_app(settings)
        with app.app_context(), transaction() as writing:
            make_destination(writing, writing.scalars(select(Store)).one())
        dispose_database(app)
        with serving("app:app", settings) as address:
            usual = answers(address, FORMS)
            frozen = answers_while_frozen(address, queue)
    return {
        "p50_ms": round(1000 * percentile(usual, 50), 1),
        "p99_ms": round(1000 * percentile(usual, 99), 1),
        "frozen_p50_ms": round(1000 * percentile(frozen, 50), 1),
        "frozen_p99_ms": round(1000 * percentile(frozen, 99), 1),
        "frozen_slower_ms": round(1000 * (percentile(frozen, 99) - percentile(usual, 99)), 1),
    }


def answers_while_frozen(address: str, queue: Queue) -> list[float]:
    queue.freeze()
    try:
        return answers(address, FORMS)
    finally:
        queue.thaw()


def answers(address: str, count: int) -> list[float]:
    """Seconds of each answer to a sent form, one shopper after the other."""
    url = f"{address}{PAGE}/reviews/new"
    took = []
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(count):
            values = Page(session.get(url).text).values
            typed = {"rating": "4", "body": "It carries well and dries fast.", "name": "Ann Lee"}
            typed["email"] = f"{uuid4().hex}@example.com"
            began = time.monotonic()
            answer = session.post(url, data=values | typed, allow_redirects=False)
            took.append(time.monotonic() - began)
            assert answer.status_code == 303, answer.status_code
            time.sleep(PAUSE)
    return took


def percentile(seconds: list[float], which: int) -> float:
    return quantiles(seconds, n=100)[which - 1]
