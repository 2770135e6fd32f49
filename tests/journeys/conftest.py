"""The whole sandbox, started as `make run` starts it, and a real browser."""

import json
import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from tests.fakes.program import TOP, eventually
from tests.fakes.sandbox_process import started

AXE = TOP / "tests" / "vendor" / "axe-core-4.14.1" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


@dataclass(frozen=True)
class Sandbox:
    """Where everything is."""

    port: int
    data_dir: Path

    @property
    def shop(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def outside(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def events(self) -> list[dict[str, Any]]:
        return [event["attributes"]["data"] for event in self._read("/kustomer/events.json")]

    def mails(self) -> list[dict[str, Any]]:
        read: list[dict[str, Any]] = self._read("/mail/messages.json")
        return read

    def event_of(self, body: str, *, within: float) -> dict[str, Any]:
        """The event of a review, once it has arrived."""
        eventually(lambda: any(one["review"]["body"] == body for one in self.events()), within=within)
        return next(one for one in self.events() if one["review"]["body"] == body)

    def _read(self, path: str) -> Any:
        with urlopen(f"{self.outside}{path}") as answer:
            return json.load(answer)


def three_free_ports() -> int:
    """A port with the next two free as well."""
    for port in random.Random(os.getpid()).sample(range(22000, 29000, 7), 400):
        try:
            for one in range(3):
                socket.create_server(("127.0.0.1", port + one)).close()
        except OSError:
            continue
        return port
    raise RuntimeError("no three free ports")


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as made:
        yield made


@contextmanager
def running_sandbox(data_dir: Path, **settings: str) -> Iterator[Sandbox]:
    """Started, and its seed through."""
    made = Sandbox(three_free_ports(), data_dir)
    with started(made.port, made.data_dir, **settings):
        eventually(lambda: is_filled(made), within=200)
        yield made


def is_filled(sandbox: Sandbox) -> bool:
    """Six past reviews arrived and the requests are in the inbox: the seed is through."""
    try:
        return len(sandbox.events()) >= 6 and len(sandbox.mails()) >= 5
    except OSError:
        time.sleep(0.3)
        return False


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which a script error or a refused resource fails the test."""
    context = browser.new_context(locale="en-US")
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    context.close()
    assert troubles == []


def axe(page: Page) -> list[str]:
    """What axe finds, as short lines; evaluated outside the page's own policy."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("standards => axe.run(document, {runOnly: {type: 'tag', values: standards}})", STANDARDS)
    return [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
