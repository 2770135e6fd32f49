"""So many bytes a second, whoever brings them."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Whoever takes more than there is waits a little, each in turn; nobody is refused."""

    def __init__(
        self,
        bytes_a_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = bytes_a_second
        self._clock = clock
        self._sleep = sleep
        self._free_at = 0.0
        self._lock = threading.Lock()

    def take(self, count: int) -> None:
        """Wait until what was taken before is paid for."""
        with self._lock:
            now = self._clock()
            wait = self._free_at - now
            self._free_at = max(now, self._free_at) + count / self._rate
        if wait > 0:
            self._sleep(wait)
