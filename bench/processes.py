"""What a process uses, as the system counts it."""

import json
import subprocess
import sys
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
    shown = subprocess.run(
        python("-m", "bench.measured", *command), cwd=TOP, capture_output=True, text=True, check=True
    )
    used = json.loads(shown.stdout)
    if code := used.pop("code"):
        raise subprocess.CalledProcessError(code, command)
    return Used(**used)


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
