"""Eight shoppers, each opening the form and sending it, beside raw inserts of the same rows in one transaction each."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import requests

from bench.serving import PAGE, SECONDS, filled_store, serving
from tests.fakes.visitor import Page

SHOPPERS = 8


def measure() -> dict[str, float]:
    with TemporaryDirectory() as folder:
        settings = filled_store(Path(folder), reviews=10)
        with serving("app:app", settings) as address, ThreadPoolExecutor(SHOPPERS) as shoppers:
            began = time.monotonic()
            sent = sum(shoppers.map(lambda _: shop(address, until=began + SECONDS), range(SHOPPERS)))
            rate = sent / (time.monotonic() - began)
        raw = raw_inserts(Path(folder) / "reviews.sqlite3")
    return {
        "reviews_per_second": round(rate, 1),
        "raw_inserts_per_second": round(raw, 1),
        "ratio_to_raw": round(rate / raw, 4),
    }


def shop(address: str, *, until: float) -> int:
    """Form, then post, until the time is over; gives how many were taken."""
    url = f"{address}{PAGE}/reviews/new"
    sent = 0
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < until:
            values = Page(session.get(url).text).values
            typed = {"rating": "4", "body": "It carries well and dries fast.", "name": "Ann Lee"}
            answer = session.post(
                url, data=values | typed | {"email": f"{uuid4().hex}@example.com"}, allow_redirects=False
            )
            assert answer.status_code == 303, answer.status_code
            sent += 1
    return sent


def raw_inserts(path: Path) -> float:
    """The same review and its counts by hand: one IMMEDIATE transaction, one sync each."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(review)")]
    like = list(connection.execute("SELECT * FROM review LIMIT 1").fetchone())
    marks = ",".join("?" * len(columns))
    count, began = 0, time.monotonic()
    while time.monotonic() - began < SECONDS / 2:
        row = dict(zip(columns, like, strict=True)) | {"id": uuid4().hex, "form_id": uuid4().hex}
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"INSERT INTO review VALUES ({marks})", list(row.values()))
        connection.execute("UPDATE product_rating SET n4 = n4 + 1, recommended = recommended + 1")
        connection.execute("COMMIT")
        count += 1
    return count / (time.monotonic() - began)
