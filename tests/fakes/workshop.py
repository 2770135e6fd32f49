"""The child processes of many files, one each, forked from one that has the libraries loaded: enough for thousands.

Each child has the limits of the real one and says what it said; the system says what it used.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import av  # noqa: F401 - loaded before the forks

from reviews_app.media.refused import Refused
from reviews_app.media.work_in_child import ENVIRONMENT, TOP, died_of
from reviews_app.media.workshop import limits, picture, video  # noqa: F401
from reviews_app.media.workshop.__main__ import work
from reviews_app.media.workshop.task import VIDEO, Made, Task, read_made, read_task
from reviews_app.models.media_words import MediaTrouble


@dataclass(frozen=True, slots=True)
class Worked:
    """How one child did; `code` is 0, or minus the signal that ended it."""

    said: str
    code: int
    memory_mib: int
    processor_seconds: float
    seconds: float


class Workshop:
    """Takes task after task; `work` stands where the application starts a child."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.done: list[Worked] = []

    def work(self, task: Task) -> Made:
        """As work_in_child does. Raises Refused or Unfinished."""
        worked = self.measured(task)
        if worked.code != 0:
            raise died_of(worked.code)
        return read_made(worked.said)

    def measured(self, task: Task) -> Worked:
        """The same with what it used."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(task.as_text() + "\n")
        self._process.stdin.flush()
        worked = Worked(**json.loads(self._process.stdout.readline()))
        self.done.append(worked)
        return worked


@contextmanager
def running_workshop() -> Iterator[Workshop]:
    """Its own lean process: a child's memory counts from there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.workshop"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=ENVIRONMENT,
        cwd=TOP,
    )
    try:
        yield Workshop(process)
    finally:
        process.communicate(timeout=30)


def serve() -> None:
    """One child for each line that comes in."""
    for line in sys.stdin:
        began = time.monotonic()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _in_child(line, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as said_by_child:
            said = said_by_child.read(4096).decode("utf-8", "replace")
        _, status, used = os.wait4(child, 0)
        worked = {
            "said": said,
            "code": os.waitstatus_to_exitcode(status),
            "memory_mib": used.ru_maxrss // 1024,
            "processor_seconds": used.ru_utime + used.ru_stime,
            "seconds": time.monotonic() - began,
        }
        print(json.dumps(worked), flush=True)  # noqa: T201


def _in_child(line: str, writing: int) -> None:
    code = 0
    try:
        task = read_task(line)
        limits.take_on(limits.VIDEO if task.kind == VIDEO else limits.PICTURE)
        try:
            said = work(task).as_text()
        except Refused as refused:
            said = json.dumps({"trouble": refused.trouble})
        except MemoryError:
            said = json.dumps({"trouble": MediaTrouble.TOO_HEAVY})
        os.write(writing, said.encode())
    except BaseException:
        code = 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
