"""Hundreds of slow senders and endless bodies against the real server, started as the operator's guide says."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import quantiles

import pytest
import requests

from bench.serving import free_port, wait_for
from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, transaction
from reviews_app.factory import create_app
from reviews_app.sandbox.programs import BLOCKING_THREADS, MOST_AT_A_TIME
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.program import descendants, kill, start
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"
SLOW = 500
MOST_BODY = 110 * 1024 * 1024


@pytest.fixture
def server(settings: Settings) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    app = create_app(settings)
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    dispose_database(app)
    port = free_port()
    threads = ("--blocking-threads", str(BLOCKING_THREADS), "--backpressure", str(MOST_AT_A_TIME))
    options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", *threads, "--no-ws")
    process = start(settings, "granian", *options, "app:app")
    try:
        wait_for(f"http://127.0.0.1:{port}")
        yield port, process
    finally:
        kill(process)


def memory_mib(process: subprocess.Popen[bytes]) -> int:
    """Of the server and everything below it."""
    total = 0
    for pid in [process.pid, *descendants(process.pid)]:
        with suppress(FileNotFoundError):
            status = Path(f"/proc/{pid}/status").read_text()
            total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return total // 1024


def looks(port: int, *, count: int = 200) -> float:
    """The 95th of a hundred openings of the form, in seconds; none may fail."""
    took = []
    with requests.Session() as browser:
        browser.trust_env = False
        for _ in range(count):
            began = time.monotonic()
            assert browser.get(f"http://127.0.0.1:{port}{FORM}", timeout=20).status_code == 200
            took.append(time.monotonic() - began)
    return quantiles(took, n=100)[94]


@contextmanager
def slow_senders(port: int, head: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that begin and do not go on."""
    lines = []
    try:
        for _ in range(SLOW):
            line = socket.create_connection(("127.0.0.1", port))
            line.sendall(head)
            lines.append(line)
        yield lines
    finally:
        for line in lines:
            line.close()


BODY = f"POST {FORM} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n".encode()


@pytest.mark.parametrize(
    "head", [BODY + b"Content-Length: 100000\r\n\r\nbody=", BODY + b"X-Slow: "], ids=["slow bodies", "slow headers"]
)
def test_five_hundred_slow_ones_hold_up_nobody(
    server: tuple[int, subprocess.Popen[bytes]], head: bytes, tell: Tell
) -> None:
    port, process = server
    looks(port, count=50)
    idle, before = looks(port), memory_mib(process)
    with slow_senders(port, head) as lines:
        time.sleep(1)
        for line in lines:
            line.sendall(b"a")
        busy, more = looks(port), memory_mib(process) - before
    tell(f"p95 idle {idle * 1000:.0f} ms, with {SLOW} slow ones {busy * 1000:.0f} ms, {more} MB more")
    assert busy <= max(2 * idle, idle + 0.05)
    assert more < 300
    assert looks(port, count=20) < 20


def test_an_endless_body_is_ended_and_costs_little(server: tuple[int, subprocess.Popen[bytes]], tell: Tell) -> None:
    port, process = server
    looks(port, count=20)
    before, most, sent = memory_mib(process), 0, 0
    piece = os.urandom(64 * 1024)
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(20)
        line.sendall(BODY + b"Transfer-Encoding: chunked\r\n\r\n")
        with suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
            while sent < 3 * MOST_BODY:
                line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                sent += len(piece)
                most = max(most, memory_mib(process)) if sent % (8 * 1024 * 1024) == 0 else most
                if sent > MOST_BODY:
                    line.settimeout(2)
        answer = b""
        with suppress(OSError):
            answer = line.recv(100)
    tell(f"{sent // 1024 // 1024} MB were taken from an endless body, {most - before} MB more memory, {answer[:30]!r}")
    assert sent <= 2 * MOST_BODY
    assert most - before < 150
    assert looks(port, count=20) < 20
