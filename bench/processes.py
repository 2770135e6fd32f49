"""What a process uses, as the system counts it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.fakes.program import TOP


@dataclass(frozen=True, slots=True)
class Used:
    """Of one process from its start to its end."""

    seconds: float
    processor_seconds: float
    memory_mib: float


def run(command: Sequence[str]) -> Used:
    """Run it to its end. Raises CalledProcessError when it fails."""
    began = time.monotonic()
    child = subprocess.Popen(command, cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise subprocess.CalledProcessError(status, command)
    return Used(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def compared(
    ours: Sequence[str], theirs: Sequence[str], *, times: int, before: Callable[[], object] = lambda: None
) -> tuple[Used, Used]:
    """Both in turns, so that a busy moment falls on both; the median of each figure."""
    pairs = []
    for _ in range(times):
        before()
        pairs.append((run(ours), run(theirs)))
    return _median([one for one, _ in pairs]), _median([other for _, other in pairs])


def _median(runs: list[Used]) -> Used:
    return Used(
        median(one.seconds for one in runs),
        median(one.processor_seconds for one in runs),
        median(one.memory_mib for one in runs),
    )


def python(*arguments: str) -> list[str]:
    """A command of this Python."""
    return [sys.executable, *arguments]
