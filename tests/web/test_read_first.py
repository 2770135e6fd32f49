"""A request is read before it is worked on; who sends slowly waits alone."""

import threading
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest

from reviews_app.web.pace import Pace
from reviews_app.web.read_first import AT_HEALTH, AT_WORK, FILES_AT_WORK, FILES_TO_A_BUCKET, IN_MEMORY, PIECE, ReadFirst
from tests.sandbox.eventually import eventually

MOST = 200_000
LARGE = IN_MEMORY + 1


class Inner:
    """An application that says what it was handed."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes]] = []
        self.at_work = 0
        self.most_at_work = 0
        self.hold: threading.Event | None = None
        self._lock = threading.Lock()

    def __call__(self, asked: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            self.at_work += 1
            self.most_at_work = max(self.most_at_work, self.at_work)
        if self.hold is not None:
            self.hold.wait(5)
        self.seen.append((asked.get("CONTENT_LENGTH", ""), asked["wsgi.input"].read()))
        with self._lock:
            self.at_work -= 1
        start_response("200 OK", [])
        return [b"worked"]


class Drip:
    """A body that comes in small pieces with some time between, and never ends by itself."""

    def __init__(self, piece: bytes, pause: float = 0.0) -> None:
        self.piece, self.pause, self.given = piece, pause, 0

    def read(self, count: int = -1) -> bytes:
        time.sleep(self.pause)
        self.given += len(self.piece)
        return self.piece


@pytest.fixture
def inner() -> Inner:
    return Inner()


class Answer:
    """What a server is told."""

    status = ""

    def __call__(self, status: str, _headers: list[tuple[str, str]]) -> None:
        self.status = status


def send(inner: Inner, body: Any, *, grace: float = 30.0, **named: str) -> str:
    answer = Answer()
    ask(ReadFirst(inner, most=MOST, grace=grace), body, answer, **named)
    return answer.status


def ask(app: ReadFirst, body: Any, answer: Answer | None = None, **named: str) -> None:
    source = body if hasattr(body, "read") else BytesIO(body)
    b"".join(app({"wsgi.input": source, **named}, answer or Answer()))  # type: ignore[arg-type]


def test_a_body_is_handed_on_as_it_came(inner: Inner) -> None:
    assert send(inner, b"hello", CONTENT_LENGTH="5") == "200 OK"
    assert inner.seen == [("5", b"hello")]


def test_a_body_without_a_length_gets_one(inner: Inner) -> None:
    send(inner, b"x" * 150_000, HTTP_TRANSFER_ENCODING="chunked")
    assert inner.seen == [("150000", b"x" * 150_000)]


def test_what_comes_behind_the_length_belongs_to_nobody(inner: Inner) -> None:
    send(inner, b"hello and more", CONTENT_LENGTH="5")
    assert inner.seen == [("5", b"hello")]


def test_an_endless_body_is_read_no_further_than_it_may_be_long(inner: Inner) -> None:
    drip = Drip(b"x" * 1000)
    send(inner, drip, HTTP_TRANSFER_ENCODING="chunked")
    assert drip.given <= MOST + 2000
    assert inner.seen[0][0] == str(MOST + 1)


def test_a_body_that_says_it_is_too_long_is_not_read(inner: Inner) -> None:
    drip = Drip(b"x")
    send(inner, drip, CONTENT_LENGTH=str(MOST * 50))
    assert drip.given == 0
    assert int(inner.seen[0][0]) > MOST


def test_who_sends_too_slowly_is_cut_off(inner: Inner) -> None:
    assert send(inner, Drip(b"x", pause=0.02), grace=0.05, CONTENT_LENGTH="1000").startswith("408")
    assert inner.seen == []


@pytest.mark.parametrize("length", ["", "0", "-1", "x", "٣"])
def test_without_a_body_nothing_is_read(inner: Inner, length: str) -> None:
    assert send(inner, b"", CONTENT_LENGTH=length) == "200 OK"


def test_no_more_than_eight_work_at_a_time_and_none_is_lost(inner: Inner) -> None:
    app = ReadFirst(inner, most=MOST)
    inner.hold = threading.Event()
    threads = [threading.Thread(target=ask, args=(app, b"x"), kwargs={"CONTENT_LENGTH": "1"}) for _ in range(24)]
    for one in threads:
        one.start()
    inner.hold.set()
    for one in threads:
        one.join()
    assert inner.most_at_work <= AT_WORK
    assert len(inner.seen) == 24


@pytest.mark.parametrize("files", [FILES_AT_WORK, FILES_TO_A_BUCKET])
def test_files_leave_places_to_the_pages(inner: Inner, files: int) -> None:
    app = ReadFirst(inner, most=LARGE, files_at_work=files)
    inner.hold = threading.Event()
    threads = [in_thread(app, bytes(LARGE), CONTENT_LENGTH=str(LARGE)) for _ in range(2 * AT_WORK)]
    eventually(lambda: inner.at_work == files)
    page = in_thread(app, b"")
    eventually(lambda: inner.at_work == files + 1)
    inner.hold.set()
    for one in [*threads, page]:
        one.join()
    assert inner.most_at_work == files + 1
    assert len(inner.seen) == 2 * AT_WORK + 1


def in_thread(app: ReadFirst, body: bytes, **named: str) -> threading.Thread:
    started = threading.Thread(target=ask, args=(app, body), kwargs=named)
    started.start()
    return started


class CountedPace(Pace):
    """Holds up nobody, and knows how much was taken."""

    def __init__(self) -> None:
        super().__init__(1e12)
        self.taken = 0

    def take(self, count: int) -> None:
        self.taken += count


def test_what_is_large_comes_in_at_a_pace_and_what_is_small_at_once(inner: Inner) -> None:
    pace = CountedPace()
    app = ReadFirst(inner, most=LARGE, pace=pace)
    ask(app, bytes(PIECE), CONTENT_LENGTH=str(PIECE))
    assert pace.taken == 0
    ask(app, bytes(LARGE), CONTENT_LENGTH=str(LARGE))
    assert pace.taken == LARGE - PIECE


class Silent:
    """Somebody who says there is more to come."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def read(self, count: int) -> bytes:
        self.ended.wait(5)
        return b""


def test_many_slow_senders_take_no_place_to_work(inner: Inner) -> None:
    app = ReadFirst(inner, most=MOST)
    silent = Silent()
    threads = [threading.Thread(target=ask, args=(app, silent), kwargs={"CONTENT_LENGTH": "9"}) for _ in range(32)]
    for one in threads:
        one.start()
    ask(app, b"")
    assert len(inner.seen) == 1
    silent.ended.set()
    for one in threads:
        one.join()


def test_health_is_answered_while_every_place_is_taken(inner: Inner) -> None:
    """The whole process is not to be taken for dead because its pages wait for something."""
    app = ReadFirst(inner, most=MOST)
    inner.hold = threading.Event()
    pages = [in_thread(app, b"") for _ in range(AT_WORK + 2)]
    eventually(lambda: inner.at_work == AT_WORK)
    ready = [in_thread(app, b"", PATH_INFO="/health/ready") for _ in range(AT_HEALTH + 2)]
    eventually(lambda: inner.at_work == AT_WORK + AT_HEALTH)
    live = [in_thread(app, b"", PATH_INFO="/health/live") for _ in range(6)]
    eventually(lambda: inner.at_work == AT_WORK + AT_HEALTH + 6)
    inner.hold.set()
    for one in [*pages, *ready, *live]:
        one.join()
    assert len(inner.seen) == AT_WORK + 2 + AT_HEALTH + 2 + 6
