"""Fifty shoppers, each from an address of its own, who send a photo at once when they are told to.

A process of its own: whoever measures the page beside them shares neither interpreter nor lock with them.
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import requests
from requests.adapters import HTTPAdapter

from bench.serving import LOAD_CORE, PAGE
from tests.factories.picture import make_picture
from tests.fakes.visitor import Page

SHOPPERS = 50
BYTES = 3_000_000
AT_ONCE = 600


class FromHere(HTTPAdapter):
    """Connects from one address of this machine's loopback."""

    def __init__(self, place: int) -> None:
        self._source = (f"127.0.1.{place + 1}", 0)
        super().__init__()

    def init_poolmanager(self, *settings: object, **more: object) -> None:
        """As it is, with the source named."""
        super().init_poolmanager(*settings, source_address=self._source, **more)  # type: ignore[arg-type]


def main(address: str) -> None:
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    photo = make_picture(size=(1200, 900)) + os.urandom(BYTES)
    made = [prepared(address, photo, place) for place in range(SHOPPERS)]
    start = threading.Barrier(SHOPPERS + 1)
    with ThreadPoolExecutor(SHOPPERS) as pool:
        sent = [pool.submit(send, *each, start) for each in made]
        print("ready", flush=True)
        sys.stdin.readline()
        start.wait()
        statuses = {one.result() for one in sent}
    print("sent" if statuses == {200} else f"refused {statuses}", flush=True)


def prepared(address: str, photo: bytes, place: int) -> tuple[requests.Session, requests.PreparedRequest]:
    """One photo in a form of its own, as the page's script sends it, with every byte made beforehand."""
    browser = requests.Session()
    browser.trust_env = False
    browser.mount("http://", FromHere(place))
    values = Page(browser.get(f"{address}{PAGE}/reviews/new").text).values
    form = {name: values[name] for name in ("csrf_token", "form_id")}
    asked = requests.Request("POST", f"{address}{PAGE}/reviews/pictures", data=form, files={"photo": ("a.jpg", photo)})
    return browser, browser.prepare_request(asked)


def send(browser: requests.Session, asked: requests.PreparedRequest, start: threading.Barrier) -> int:
    """All at one moment."""
    start.wait()
    return browser.send(asked, timeout=AT_ONCE).status_code


if __name__ == "__main__":
    main(sys.argv[1])
