import gzip
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import select

from reviews_app.db.database import session
from reviews_app.models.delivery import Attempt
from tests.fakes.house import House
from tests.fakes.program import TOP, eventually, running
from tests.fakes.receiver import Told
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]
MIB = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def dripping(head: bytes, drip: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(60):
            connection.sendall(drip)
            time.sleep(1.0)

    return answer


def huge(connection: socket.socket) -> None:
    connection.sendall(OK + b"Content-Length: %d\r\n\r\n" % (300 * MIB))
    for _ in range(300):
        connection.sendall(bytes(MIB))


def bomb(connection: socket.socket) -> None:
    packed = gzip.compress(bytes(300 * MIB), 1)
    connection.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)


ANSWERS = {
    "a status a byte a second": (dripping(b"HTTP/1.1 ", b"2"), "timeout"),
    # A status that was read counts: it says that the review was taken.
    "headers a byte a second": (dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"y"), "200"),
    "body a byte a second": (dripping(OK + b"Content-Length: 1000\r\n\r\n", b"y"), "200"),
    "an answer of 300 MiB": (huge, "200"),
    "a gzip bomb of 300 MiB": (bomb, "200"),
}


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x"


def posted(url: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.measured_post", url]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True, timeout=120)
    read: dict[str, Any] = json.loads(done.stdout)
    return read


@pytest.mark.parametrize("name", ANSWERS)
def test_no_answer_holds_a_sender_or_fills_its_memory(name: str, tell: Tell) -> None:
    answer, outcome = ANSWERS[name]
    with answering(answer) as url:
        seen = posted(url)
    tell(name, **seen)
    assert seen["outcome"] == outcome
    assert seen["seconds"] <= 16
    assert seen["grown_mib"] <= 20


def test_a_try_ends_after_fifteen_seconds_and_is_made_again(house: House, tell: Tell) -> None:
    held = threading.Event()
    house.kustomer.told = [Told(hold=held)]
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        house.leave(1)
        eventually(lambda: house.all_delivered(1), within=90)
    held.set()
    with house.app.app_context():
        tries = session().scalars(select(Attempt).order_by(Attempt.n)).all()
    assert [one.outcome for one in tries] == ["timeout", "delivered"]
    assert tries[0].finished_at is not None
    took = (tries[0].finished_at - tries[0].started_at).total_seconds()
    tell("processed, then silence", try_ended_after=took, requests=len(house.kustomer.requests))
    assert 14 <= took <= 16.5
    assert house.kustomer.requests[0].body == house.kustomer.requests[1].body
