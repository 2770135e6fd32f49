"""When a failed try is repeated: 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, then every 2 h; never early."""

import random
from datetime import timedelta

STEPS = (5, 30, 120, 600, 1800, 3600)
LATER = 7200
JITTER = 0.2


def wait_after(failures: int, *, unit: float, spread: random.Random) -> timedelta:
    """How long to wait after the first, second, ... failure: the step plus 0 to 20 %.

    `unit` is the length of a second (DELIVERY_TIME_UNIT): tests shorten it, the code stays the same.
    """
    step = STEPS[failures - 1] if failures <= len(STEPS) else LATER
    return timedelta(seconds=step * unit * (1 + JITTER * spread.random()))
