"""Waiting deliveries of fifty stores drained to loopback, beside a bare loop posting the same bytes with 16 threads.

The limits per destination are lifted: slots and pace are what one machine can do, not what Kustomer allows. Both take
turns, a portion each, so that a machine that is busy with something else is equally busy for both.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import requests
import structlog
from flask import Flask
from sqlalchemy import select, update

from bench.memory import resident_mb
from bench.quiet_receiver import quiet_receiver
from bench.serving import empty_tables
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.lib.clock import utc_now
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.services.dispatch import free_slots
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.tools import Tools
from tests.factories.backlog import make_backlog
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.store import make_store

STORES, THREADS, PORTIONS = 50, 16, 10
ROWS = 20_000
LATER = timedelta(days=1)
Bodies = list[tuple[str, bytes]]


def measure(rows: int = ROWS) -> dict[str, float]:
    free_slots.SLOTS = THREADS
    with TemporaryDirectory() as folder, quiet_receiver() as origin:
        settings = empty_tables(Path(folder)).model_copy(update={"kustomer_extra_origins": origin})
        app = create_app(settings)
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        fill(app, origin, rows)
        drained, bare, cpu_drained, cpu_bare = 0.0, 0.0, 0.0, 0.0
        before = 0.0
        for portion in portions(app):
            make_due(app, portion)
            seconds, processor = timed(lambda portion=portion: drain(app, origin, portion))
            drained, cpu_drained = drained + seconds, cpu_drained + processor
            bodies = bodies_of(app, portion)
            seconds, processor = timed(lambda bodies=bodies: post_bare(bodies))
            bare, cpu_bare = bare + seconds, cpu_bare + processor
            # The first portion fills caches that stay.
            before = before or resident_mb()
        grown = resident_mb() - before
        dispose_database(app)
    return {
        "rows": rows,
        "rows_per_second": round(rows / drained, 1),
        "bare_posts_per_second": round(rows / bare, 1),
        "ratio_to_bare": round(bare / drained, 3),
        "cpu_ms_per_row": round(1000 * cpu_drained / rows, 3),
        "cpu_ms_per_bare_post": round(1000 * cpu_bare / rows, 3),
        "grown_mb": round(grown, 1),
    }


def fill(app: Flask, origin: str, rows: int) -> None:
    for place in range(STORES):
        with app.app_context(), transaction() as writing:
            store = make_store(writing, f"store{place}")
            product = make_product(writing, store)
            make_destination(writing, store, api_url=f"{origin}/v1/hooks/web/{place:024x}")
            make_backlog(writing, store, product, rows // STORES, now=utc_now())
            writing.execute(update(Delivery).values(next_at=utc_now() + LATER))


def portions(app: Flask) -> list[list[UUID]]:
    """A tenth of every store's each."""
    with app.app_context():
        ids = session().scalars(select(Delivery.id).order_by(Delivery.destination_id, Delivery.id)).all()
    return [list(ids[place::PORTIONS]) for place in range(PORTIONS)]


def make_due(app: Flask, portion: list[UUID]) -> None:
    with app.app_context(), transaction() as writing:
        due = update(Delivery).where(Delivery.id.in_(portion)).values(next_at=utc_now())
        writing.execute(due.execution_options(synchronize_session=False))


def drain(app: Flask, origin: str, portion: list[UUID]) -> None:
    tools: Tools = app.extensions["tools"]
    http = OutgoingHttp(extra_origins=(origin,))
    arrived = 0
    with app.app_context():
        while (named := waiting()) is not None:
            arrived += send_to_kustomer(named, tools=tools, http=http, per_second=1_000_000)
    assert arrived == len(portion), arrived


def waiting() -> UUID | None:
    session().rollback()
    due = (Delivery.state == DeliveryState.WAITING, Delivery.next_at <= utc_now())
    return session().scalar(select(Delivery.id).where(*due).limit(1))


def bodies_of(app: Flask, portion: list[UUID]) -> Bodies:
    with app.app_context():
        found = session().scalars(select(Delivery).where(Delivery.id.in_(portion))).all()
        return [(one.destination.api_url, one.body or b"") for one in found]


def post_bare(bodies: Bodies) -> None:
    """The same bytes, sixteen threads with a kept session each."""
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(post_all, [bodies[place::THREADS] for place in range(THREADS)]))


def post_all(part: Bodies) -> None:
    with requests.Session() as posting:
        posting.trust_env = False
        for url, body in part:
            posting.post(url, data=body, headers={"Content-Type": "application/json"}).raise_for_status()


def timed(work: object) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    assert callable(work)
    began, processor = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - began, time.process_time() - processor
