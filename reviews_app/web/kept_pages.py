"""Pages anybody may read, kept as they were sent and sent again while what they show stands unchanged.

Each process keeps its own; what is true lies in the database, as a stamp that changes with every change that shows.
Only for pages without a token, a cookie or a word for one reader alone; a form is kept with marks in their place.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import cast

from flask import Flask, Response, current_app, request

KEPT = "kept_pages"
MOST_BYTES = 32 * 1024 * 1024
TAG_LETTERS = 32


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page's bytes, what they were true for, and a name for exactly these bytes."""

    stamp: Hashable
    body: bytes
    tag: str


class KeptPages:
    """The pages asked for last, as many as fit."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, key: Hashable, stamp: Hashable) -> KeptPage | None:
        """The page, if it was kept under this very stamp."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.stamp != stamp:
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, page: KeptPage) -> None:
        """Keep it, in place of what was kept under the key; the pages nobody asked for longest make room."""
        with self._lock:
            before = self._pages.pop(key, None)
            self._bytes += len(page.body) - (len(before.body) if before else 0)
            self._pages[key] = page
            while self._bytes > self._most_bytes:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest.body)


def register_kept_pages(app: Flask) -> None:
    """One keeper an application."""
    app.extensions[KEPT] = KeptPages()


def kept_page(key: Hashable, stamp: Hashable, *, render: Callable[[], str]) -> Response:
    """The page of that key as it stands under the stamp; 304 where the reader has these very bytes.

    The reader asks each time (`no-cache`), so a change shows at once.
    """
    page = find_or_keep(key, stamp, render=render)
    response = Response(page.body, content_type="text/html; charset=utf-8")
    response.set_etag(page.tag, weak=True)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def find_or_keep(key: Hashable, stamp: Hashable, *, render: Callable[[], str]) -> KeptPage:
    """The page of that key as it stands under the stamp, rendered only when it is not kept."""
    pages = cast("KeptPages", current_app.extensions[KEPT])
    page = pages.find(key, stamp)
    if page is None:
        body = render().encode()
        page = KeptPage(stamp, body, hashlib.sha256(body).hexdigest()[:TAG_LETTERS])
        pages.keep(key, page)
    return page
