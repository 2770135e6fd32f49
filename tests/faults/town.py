"""Twenty stores on real processes, with shoppers at their doors, for the full fault run."""

import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import requests
from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.database import transaction
from reviews_app.services.tools import make_tools
from tests.factories.destination import make_destination
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review_request import make_link
from tests.factories.store import make_store
from tests.fakes.program import kill, start
from tests.fakes.queue import Queue
from tests.fakes.receiver import Receiver
from tests.fakes.visitor import Page

STORES = 20
LINK_EVERY = 5
QUEUE = "queue"
TYPED = {"rating": "4", "body": "It carries well and dries fast.", "name": "Ann Lee", "email": ""}


def found_town(app: Flask, settings: Settings, kustomer: Receiver, *, links: int) -> list[str]:
    """Make the stores; gives the addresses of forms behind links, each good for one review."""
    doors: list[str] = []
    tools = make_tools(settings)
    for place in range(STORES):
        with app.app_context(), transaction() as writing:
            store = make_store(writing, f"store{place}")
            product = make_product(writing, store)
            make_destination(writing, store, api_url=f"{kustomer.url}/{place}")
            for turn in range(links // STORES):
                order = make_order(
                    writing, store, product, number=f"{place}-{turn}", email=f"b{place}x{turn}@example.com"
                )
                _, token = make_link(writing, order, store=store, tools=tools)
                doors.append(f"/r/{token}/{product.id}")
    return doors


@dataclass
class Processes:
    """The programs of the town; `kill_one` takes any of them down, and it is started again at once."""

    settings: Settings
    port: int
    log: Path
    queue: Queue
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)

    def start_all(self) -> None:
        for name in ("web", "worker 1", "worker 2", "scheduler"):
            self._start(name)

    def stop_all(self) -> None:
        for process in self.running.values():
            kill(process)

    def kill_one(self, chance: random.Random) -> None:
        name = chance.choice([*sorted(self.running), QUEUE])
        self.killed[name] += 1
        if name == QUEUE:
            self.queue.stop()
            self.queue.start()
            return
        kill(self.running[name])
        self._start(name)

    def take(self, settings: Settings) -> None:
        """Everything anew with other settings."""
        self.stop_all()
        self.settings = settings
        self.start_all()

    def _start(self, name: str) -> None:
        web = f"granian --interface wsgi --host 127.0.0.1 --port {self.port} --workers 1 --blocking-threads 8 --no-ws"
        programs = {"web": f"{web} app:app", "scheduler": "flask scheduler"}
        arguments = programs.get(name, "flask worker kustomer").split()
        with self.log.open("ab") as output:
            self.running[name] = start(self.settings, arguments[0], *arguments[1:], output=output)


class Shoppers:
    """Leave reviews at a set pace and send a form again until somebody says it was taken."""

    def __init__(self, address: str, doors: list[str], *, count: int, per_second: float) -> None:
        self._address = address
        self._doors = doors
        self._pace = 1 / per_second
        self._left = count
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._given = 0
        self.taken = 0
        self.strange: list[int] = []

    def work(self) -> None:
        while (place := self._next()) is not None:
            form = self._form(place)
            until_taken(lambda form=form: self._leave(*form))  # type: ignore[misc]
            with self._lock:
                self.taken += 1

    def _next(self) -> int | None:
        with self._lock:
            if self._given >= self._left:
                return None
            self._given += 1
            place = self._given
        time.sleep(max(0.0, self._began + place * self._pace - time.monotonic()))
        return place

    def _form(self, place: int) -> tuple[requests.Session, str, dict[str, str | list[str]]]:
        """The form as it was opened: kept, so that sending again is the same form."""
        by_link = place % LINK_EVERY == 0 and bool(self._doors)
        button = f"/stores/store{place % STORES}/products/ridge-daypack/reviews/new"
        url = f"{self._address}{self._doors.pop() if by_link else button}"
        values: dict[str, str | list[str]] = {}
        browser = requests.Session()
        browser.trust_env = False

        def opened() -> bool:
            answer = browser.get(url, timeout=20)
            values.update(Page(answer.text).values)
            return answer.status_code == 200

        until_taken(opened)
        person = {} if by_link else {"email": f"{uuid4().hex}@example.com"}
        return browser, url, values | {name: value for name, value in TYPED.items() if value} | person

    def _leave(self, browser: requests.Session, url: str, values: dict[str, str | list[str]]) -> bool:
        answer = browser.post(url, data=values, timeout=20, allow_redirects=False)
        # While the database is away the answer is 503 in kind words; everything else strange is kept for the table.
        if answer.status_code not in {303, 503}:
            self.strange.append(answer.status_code)
        return answer.status_code == 303


def until_taken(attempt: Callable[[], bool], *, seconds: float = 120.0) -> None:
    """Again and again, as a shopper with a bad line does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(requests.RequestException):
            if attempt():
                return
        time.sleep(0.3)
    raise AssertionError("nobody took it")
