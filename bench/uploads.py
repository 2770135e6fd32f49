"""The product page's p99 while 50 shoppers send a photo at once, beside the same page idle.

Started as docs/operating.md starts it. Round after round, until p99 is more than a handful of requests.
"""

import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import requests

from bench.processes import python
from bench.serving import LOAD_CORE, PAGE, filled_store, serving
from reviews_app.sandbox.programs import BLOCKING_THREADS
from tests.fakes.program import TOP

LOOKS = 1500


def measure() -> dict[str, float]:
    idle: list[float] = []
    busy: list[float] = []
    took: list[float] = []
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    with TemporaryDirectory() as folder:
        settings = filled_store(Path(folder), reviews=20)
        with serving("app:app", settings, threads=BLOCKING_THREADS) as address:
            looks(address, lambda seen: seen < 50)
            while len(busy) < LOOKS:
                idle += looks(address, lambda seen: seen < LOOKS // 3)
                began = time.monotonic()
                busy += beside_uploads(address)
                took.append(time.monotonic() - began)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    before, beside = percentiles(idle), percentiles(busy)
    return {
        "looks": len(busy),
        "page_idle_p50_ms": round(before[49] * 1000, 1),
        "page_busy_p50_ms": round(beside[49] * 1000, 1),
        "page_idle_p99_ms": round(before[98] * 1000, 1),
        "page_busy_p99_ms": round(beside[98] * 1000, 1),
        "ratio": round(beside[98] / before[98], 2),
        "uploads_taken_s": round(max(took), 1),
    }


def percentiles(took: list[float]) -> list[float]:
    return quantiles(took, n=100)


def looks(address: str, go_on: Callable[[int], bool]) -> list[float]:
    """How long each opening of the page took, in seconds."""
    took: list[float] = []
    with requests.Session() as browser:
        browser.trust_env = False
        while go_on(len(took)):
            began = time.monotonic()
            assert browser.get(address + PAGE).status_code == 200
            took.append(time.monotonic() - began)
    return took


def beside_uploads(address: str) -> list[float]:
    """The page, from the moment all begin to send until the last was answered."""
    shoppers = subprocess.Popen(
        python("-m", "bench.shoppers", address), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TOP
    )
    assert shoppers.stdin
    assert shoppers.stdout
    said = shoppers.stdout
    assert said.readline() == "ready\n"
    answers: list[str] = []
    waiting = threading.Thread(target=lambda: answers.append(said.readline()))
    waiting.start()
    shoppers.stdin.write("go\n")
    shoppers.stdin.flush()
    seen = looks(address, lambda _: waiting.is_alive())
    assert answers == ["sent\n"], answers
    shoppers.communicate()
    return seen
