import threading
import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


def eventually(look: Callable[[], Seen], *, within: float = 30.0) -> Seen:
    """Look again and again until what is seen is true; fails with the last sight when it takes too long."""
    end = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < end, f"never came true within {within} s, last seen: {seen!r}"
        threading.Event().wait(0.03)
    return seen
