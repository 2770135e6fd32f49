"""Requests planned for orders that are there, beside bare inserts of the same rows by the same driver."""

import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from bench.orders import insert_orders
from bench.serving import empty_tables
from reviews_app.cli.requests import plan_all
from reviews_app.db.database import dispose_database, transaction
from reviews_app.factory import create_app
from reviews_app.services.plan_requests import STEP
from reviews_app.services.tools import Tools
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.store import make_store

ORDERS, AT_ONCE = 100_000, 5_000


def measure(orders: int = ORDERS) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        app = create_app(empty_tables(Path(folder)))
        fill(app, orders)
        tools: Tools = app.extensions["tools"]
        with app.app_context():
            began = time.monotonic()
            planned = plan_all(tools)
            rate = planned / (time.monotonic() - began)
        dispose_database(app)
        assert planned == orders, planned
        raw = raw_inserts(Path(folder) / "reviews.sqlite3")
    return {
        "orders": orders,
        "rows_per_second": round(rate, 1),
        "bare_inserts_per_second": round(raw, 1),
        "ratio_to_bare": round(rate / raw, 3),
    }


def fill(app: Flask, orders: int) -> None:
    """A store whose rule is on, and its orders."""
    tools: Tools = app.extensions["tools"]
    now = tools.clock()
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        make_rule(writing, store, on_since=now - timedelta(days=2))
        product = make_product(writing, store)
        for start in range(0, orders, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, orders))
            insert_orders(writing, store.id, product.id, numbers, now=now)


def raw_inserts(path: Path) -> float:
    """The rows the planner wrote, taken out and put in again by hand: as many in one transaction, one sync each."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    rows = connection.execute("SELECT * FROM planned_mail").fetchall()
    connection.execute("DELETE FROM planned_mail")
    marks = ",".join("?" * len(rows[0]))
    began = time.monotonic()
    for start in range(0, len(rows), STEP):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO planned_mail VALUES ({marks})", rows[start : start + STEP])
        connection.execute("COMMIT")
    return len(rows) / (time.monotonic() - began)
