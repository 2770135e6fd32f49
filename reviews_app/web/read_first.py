"""Reads what a request sends before anything is done about it, so that a slow sender holds up nobody.

A request that is still arriving costs one waiting thread: no session, no lock, none of the few places to work.
"""

import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import IO, TYPE_CHECKING, Any

from reviews_app.web.pace import Pace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PIECE = 128 * 1024
IN_MEMORY = 512 * 1024
# More at once than that only wait for each other's locks.
AT_WORK = 8
# Whoever asks how we fare is answered also while every place is taken.
LIVE, HEALTH = "/health/live", "/health/"
AT_HEALTH = 4
# Of the eight, with files: taking one in keeps interpreter and disk busy, and no page waits behind eight of them. A
# bucket is waited for with the interpreter free, and one that answers late is not to hold up every other file.
FILES_AT_WORK = 1
FILES_TO_A_BUCKET = 4
# All files together come in no faster, a quarter of a gigabit: fifty at once would keep every page from its turn.
BYTES_A_SECOND = 32_000_000
# A phone at the edge of its network sends 5 kB a second; who sends less than one for half a minute sends nothing.
SECONDS_OF_GRACE = 30.0
SLOWEST = 1024


class TooSlow(Exception):
    """What arrives is not waited for any longer."""


class ReadFirst:
    """Collects the body, then lets eight requests at a time work, `files_at_work` of them with files, and who asks for
    our health beside them.

    Of one longer than `most` nothing is handed on but a length beyond it: the application answers it in its own words.
    """

    def __init__(
        self,
        inner: "WSGIApplication",
        *,
        most: int,
        grace: float = SECONDS_OF_GRACE,
        files_at_work: int = FILES_AT_WORK,
        pace: Pace | None = None,
    ) -> None:
        self._inner = inner
        self._most = most
        self._grace = grace
        self._places = threading.BoundedSemaphore(AT_WORK)
        self._places_for_health = threading.BoundedSemaphore(AT_HEALTH)
        self._places_for_files = threading.BoundedSemaphore(files_at_work)
        self._pace = pace or Pace(BYTES_A_SECOND)

    def __call__(self, asked: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not _sends(asked):
            return self._work(asked, start_response)
        try:
            body = self._read(asked)
        except TooSlow:
            start_response("408 Request Timeout", [("Content-Type", "text/plain"), ("Connection", "close")])
            return [b"This arrived too slowly. Nothing was changed: try again on a better line.\n"]
        with body:
            if int(asked["CONTENT_LENGTH"]) <= IN_MEMORY:
                return self._work(asked, start_response)
            with self._places_for_files:
                return self._work(asked, start_response)

    def _work(self, asked: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with self._place_of(asked):
            return self._inner(asked, start_response)

    def _place_of(self, asked: "WSGIEnvironment") -> AbstractContextManager[Any]:
        path = str(asked.get("PATH_INFO", ""))
        if path == LIVE:
            return nullcontext()
        return self._places_for_health if path.startswith(HEALTH) else self._places

    def _read(self, asked: "WSGIEnvironment") -> IO[bytes]:
        with ExitStack() as on_failure:
            body = on_failure.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))
            count = self._copy(asked["wsgi.input"], body, said=_said_length(asked))
            on_failure.pop_all()
        body.seek(0)
        asked["wsgi.input"] = body
        asked["CONTENT_LENGTH"] = str(count)
        asked.pop("HTTP_TRANSFER_ENCODING", None)
        return body

    def _copy(self, source: IO[bytes], target: IO[bytes], *, said: int | None) -> int:
        """Gives how many bytes came, or more than `most`. Raises TooSlow."""
        began, count = time.monotonic(), 0
        most = self._most + 1 if said is None else said
        while count < most <= self._most + 1:
            piece = source.read(min(PIECE, most - count))
            if not piece:
                return count
            count += len(piece)
            if time.monotonic() - began > self._grace + count / SLOWEST:
                raise TooSlow
            target.write(piece)
            if count > PIECE:
                self._pace.take(len(piece))
        return most


def _sends(asked: "WSGIEnvironment") -> bool:
    return bool(asked.get("HTTP_TRANSFER_ENCODING")) or (_said_length(asked) or 0) > 0


def _said_length(asked: "WSGIEnvironment") -> int | None:
    said = asked.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else None
