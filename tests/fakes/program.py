"""Real processes of the application, with the settings of a test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from reviews_app.config import Settings

TOP = Path(__file__).resolve().parent.parent.parent


def environment(settings: Settings) -> dict[str, str]:
    """What a child needs to read the same settings."""
    shown = {name.upper(): value for name, value in settings.model_dump().items() if value not in (None, "")}
    shown["METRICS"] = "1" if settings.metrics else "0"
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(TOP), "FLASK_APP": str(TOP / "app.py")}
    return path | {name: str(value) for name, value in shown.items()}


@contextmanager
def running(settings: Settings, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`flask <arguments>` in a process group of its own, killed at the end."""
    process = start(settings, "flask", *arguments)
    try:
        yield process
    finally:
        kill(process)


def start(settings: Settings, module: str, *arguments: str, output: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """`python -m <module> <arguments>` in a process group of its own; the caller kills it."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=environment(settings),
        cwd=TOP,
        start_new_session=True,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
    )


def kill(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to the process and whatever it forked: a worker's child leads a group of its own."""
    for pid in [process.pid, *descendants(process.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, how)
    process.wait(20)


def descendants(pid: int) -> list[int]:
    """Every process below this one."""
    shown = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in (line.split() for line in shown.splitlines())}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def eventually(condition: Callable[[], object], *, within: float = 60.0) -> None:
    """Look every 50 ms until it is true."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s")
