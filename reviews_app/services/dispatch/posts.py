"""Requests under way in threads: a Kustomer that hangs holds its own two and nobody else's."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType

import structlog

from reviews_app.integrations.kustomer.classify import Result, result_of_failure
from reviews_app.lib.outgoing_http import TOTAL_SECONDS, CallFailed, FailureKind
from reviews_app.services.dispatch.claim_deliveries import Claimed

# Sixteen destinations may hang with two slots each before another has to wait for one of them.
THREADS = 32
# One that ends is recorded with those that end a moment later: a transaction costs more than the moment.
TOGETHER_SECONDS = 0.02
# Looking up a host's name obeys no deadline. What comes of it later finds its connection cut.
GIVEN_UP_SECONDS = TOTAL_SECONDS + 1.0

LATE = CallFailed(FailureKind.TIMEOUT, f"No answer within {TOTAL_SECONDS:.0f} seconds.")

log = structlog.get_logger()


class Posts:
    """What was sent off, and what has come back."""

    def __init__(self, post: Callable[[Claimed], Result]) -> None:
        self._post = post
        self._threads = ThreadPoolExecutor(THREADS)
        self._out: dict[Future[Result], tuple[Claimed, float]] = {}

    def __enter__(self) -> "Posts":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown(wait=False)

    @property
    def room(self) -> int:
        """How many more may go out."""
        return THREADS - len(self._out)

    @property
    def ended(self) -> int:
        """How many have come back and were not asked for yet."""
        return sum(one.done() for one in self._out)

    @property
    def are_out(self) -> bool:
        """Whether any has not come back."""
        return bool(self._out)

    def send(self, rows: Iterable[Claimed]) -> None:
        """Each in a thread of its own; the threads are kept, and so are their connections."""
        for one in rows:
            self._out[self._threads.submit(self._post, one)] = (one, time.monotonic() + GIVEN_UP_SECONDS)

    def come_back(self, seconds: float) -> list[tuple[Claimed, Result]]:
        """Those that ended, waiting so long for the first of them; those that should have ended long ago, too.

        One that broke in a way nobody foresaw is left out: its lease ends, and its outcome stays unknown.
        """
        ended, still_out = wait(self._out, timeout=seconds, return_when=FIRST_COMPLETED)
        if ended and still_out:
            ended, still_out = wait(self._out, timeout=min(TOGETHER_SECONDS, seconds), return_when=ALL_COMPLETED)
        given_up = [one for one in still_out if self._out[one][1] < time.monotonic()]
        late = [(self._out.pop(one)[0], result_of_failure(LATE)) for one in given_up]
        return late + [done for one in ended if (done := self._result(one)) is not None]

    def _result(self, ended: Future[Result]) -> tuple[Claimed, Result] | None:
        claimed, _ = self._out.pop(ended)
        broken = ended.exception()
        if broken is None:
            return claimed, ended.result()
        log.error("a try broke", delivery=str(claimed.delivery_id), exc_info=broken)
        return None
