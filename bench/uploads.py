"""The product page's p99 while 50 shoppers send a photo at once, beside the same page idle."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import requests

from bench.serving import PAGE, filled_store, serving
from tests.factories.picture import make_picture
from tests.fakes.visitor import Page

SHOPPERS = 50
BYTES = 3_000_000
LOOKS = 300


def measure() -> dict[str, float]:
    with TemporaryDirectory() as folder:
        settings = filled_store(Path(folder), reviews=20)
        with serving("app:app", settings, threads=640) as address, ThreadPoolExecutor(SHOPPERS) as shoppers:
            look(address, count=30)
            idle = look(address, count=LOOKS)
            photo = make_picture(size=(1200, 900)) + os.urandom(BYTES)
            forms = [opened(address) for _ in range(SHOPPERS)]
            start = threading.Barrier(SHOPPERS + 1)
            began = time.monotonic()
            sent = [shoppers.submit(send, address, form, photo, start) for form in forms]
            start.wait()
            busy = look(address, count=LOOKS)
            statuses = [one.result() for one in sent]
            took = time.monotonic() - began
    assert set(statuses) == {200}, set(statuses)
    return {
        "page_idle_p99_ms": round(idle * 1000, 1),
        "page_busy_p99_ms": round(busy * 1000, 1),
        "ratio": round(busy / idle, 2),
        "uploads_taken_s": round(took, 1),
    }


def look(address: str, *, count: int) -> float:
    """The 99th of a hundred, in seconds."""
    took = []
    with requests.Session() as browser:
        browser.trust_env = False
        for _ in range(count):
            began = time.monotonic()
            assert browser.get(address + PAGE).status_code == 200
            took.append(time.monotonic() - began)
    return quantiles(took, n=100)[98]


def opened(address: str) -> tuple[requests.Session, dict[str, list[str]]]:
    """A form of its own."""
    browser = requests.Session()
    browser.trust_env = False
    values = Page(browser.get(f"{address}{PAGE}/reviews/new").text).values
    return browser, {name: values[name] for name in ("csrf_token", "form_id")}


def send(
    address: str, form: tuple[requests.Session, dict[str, list[str]]], photo: bytes, start: threading.Barrier
) -> int:
    """One photo, as the page's script sends it."""
    browser, values = form
    start.wait()
    answer = browser.post(f"{address}{PAGE}/reviews/pictures", data=values, files={"photo": ("walk.jpg", photo)})
    return answer.status_code
