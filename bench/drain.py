"""Waiting deliveries of fifty stores drained to loopback, beside a bare loop posting the same bytes with 16 threads.

The limits per destination are lifted: slots and pace are what one machine can do, not what Kustomer allows.
"""

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import requests
from flask import Flask
from sqlalchemy import select

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
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store

STORES, THREADS = 50, 16
ROWS = 20_000


def measure(rows: int = ROWS) -> dict[str, float]:
    with TemporaryDirectory() as folder, quiet_receiver() as origin:
        settings = empty_tables(Path(folder)).model_copy(update={"kustomer_extra_origins": origin})
        app = create_app(settings)
        fill(app, origin, rows)
        before = resident_mb()
        rate = drained_a_second(app, origin, rows)
        grown = resident_mb() - before
        raw = posted_a_second(app, rows)
        dispose_database(app)
    return {
        "rows": rows,
        "rows_per_second": round(rate, 1),
        "bare_posts_per_second": round(raw, 1),
        "ratio_to_bare": round(rate / raw, 3),
        "grown_mb": round(grown, 1),
    }


def fill(app: Flask, origin: str, rows: int) -> None:
    for place in range(STORES):
        with app.app_context(), transaction() as writing:
            store = make_store(writing, f"store{place}")
            product = make_product(writing, store)
            make_destination(writing, store, api_url=f"{origin}/v1/hooks/web/{place:024x}")
            for _ in range(rows // STORES):
                leave_review(writing, store, product, clock=utc_now)


def drained_a_second(app: Flask, origin: str, rows: int) -> float:
    free_slots.SLOTS = THREADS
    tools: Tools = app.extensions["tools"]
    http = OutgoingHttp(extra_origins=(origin,))
    began = time.monotonic()
    arrived = 0
    with app.app_context():
        while (named := waiting()) is not None:
            arrived += send_to_kustomer(named, tools=tools, http=http, per_second=1_000_000)
    assert arrived == rows, arrived
    return rows / (time.monotonic() - began)


def waiting() -> UUID | None:
    session().rollback()
    return session().scalar(select(Delivery.id).where(Delivery.state == DeliveryState.WAITING).limit(1))


def posted_a_second(app: Flask, rows: int) -> float:
    """The same bytes, sixteen threads with a kept session each."""
    with app.app_context():
        found = session().scalars(select(Delivery).limit(rows)).all()
        bodies = [(one.destination.api_url, one.body or b"") for one in found]
    parts = [bodies[place::THREADS] for place in range(THREADS)]
    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(post_all, parts))
    return rows / (time.monotonic() - began)


def post_all(part: list[tuple[str, bytes]]) -> None:
    with requests.Session() as posting:
        posting.trust_env = False
        for url, body in part:
            posting.post(url, data=body, headers={"Content-Type": "application/json"}).raise_for_status()


def resident_mb() -> float:
    """The highest so far, so that the second reading minus the first is what it grew."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1024 if sys.platform == "linux" else size / 1024 / 1024
