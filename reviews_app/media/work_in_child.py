"""Starts the child process that decodes a stranger's file, ends it when it takes too long, and believes it little."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from reviews_app.media.disk import is_of_the_place
from reviews_app.media.keeper import StorageAway
from reviews_app.media.refused import Refused, Unfinished
from reviews_app.media.storage import SUFFIXES
from reviews_app.media.workshop import limits
from reviews_app.media.workshop.task import VIDEO, Made, Task, read_made
from reviews_app.models.media_words import MediaTrouble

TOP = Path(__file__).resolve().parents[2]
MOST_SAID = 4096
# What a file itself brings a decoder to. Whatever else ends a child, such as the system that lacks memory, a deploy
# or an operator, comes from outside.
BY_THE_FILE = {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGSYS}
BY_ITS_WEIGHT = {signal.SIGXCPU, signal.SIGXFSZ}
# With less no child can have written to its end.
LEAST_ROOM = 64 * 1024
# Fewer heaps, so that address space measures memory; and nothing of ours: no key, no database address.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
FIRST_BYTES = {
    "webp": (0, b"RIFF"),
    "avif": (4, b"ftypavif"),
    "jpg": (0, b"\xff\xd8\xff"),
    "png": (0, b"\x89PNG\r\n\x1a\n"),
    "mp4": (4, b"ftyp"),
}


def work_in_child(task: Task, *, bounds: limits.Limits | None = None) -> Made:
    """Make the files of a task in a process of its own. Raises Refused, also for a child that broke or worked too
    long; Unfinished for one that was ended from outside or kept from working, StorageAway when the task's folder is
    full. `bounds` are those of its kind.
    """
    said, code = _ended(task, bounds or (limits.VIDEO if task.kind == VIDEO else limits.PICTURE))
    _refuse_full(task.results)
    if code:
        raise died_of(code)
    return read_made(said)


def _ended(task: Task, bounds: limits.Limits) -> tuple[str, int]:
    """What the child said, and 0, its exit code, or minus the signal that ended it."""
    child = subprocess.Popen(
        [sys.executable, "-m", "reviews_app.media.workshop", task.as_text()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd=TOP,
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(timeout=bounds.seconds)
    except subprocess.TimeoutExpired:
        raise overdue(_end(child), bounds) from None
    finally:
        _end(child)
    return said[:MOST_SAID].decode("utf-8", "replace"), child.returncode


def died_of(code: int) -> Refused | Unfinished:
    """What it means that a child ended with that exit code, or with minus that signal."""
    if -code in BY_ITS_WEIGHT:
        return Refused(MediaTrouble.TOO_HEAVY)
    return Refused(MediaTrouble.BROKEN) if -code in BY_THE_FILE else Unfinished(f"its child ended with {code}")


def overdue(worked: float, bounds: limits.Limits) -> Refused | Unfinished:
    """What it means that a child was ended by the clock after so many seconds of a processor."""
    if worked >= bounds.heavy_seconds:
        return Refused(MediaTrouble.TOO_HEAVY)
    return Unfinished(f"its child worked {worked:.1f} s of {bounds.seconds}")


def results_in(folder: Path) -> dict[str, Path]:
    """The files a child made, by suffix. Raises Refused for a link, a foreign name or foreign first bytes."""
    found = {path.name: path for path in folder.iterdir()}
    for suffix, path in found.items():
        place, first = FIRST_BYTES.get(suffix.rpartition(".")[2], (0, b""))
        if suffix not in SUFFIXES or not stat.S_ISREG(path.lstat().st_mode):
            raise Refused(MediaTrouble.BROKEN)
        with path.open("rb") as file:
            if not file.read(16)[place:].startswith(first):
                raise Refused(MediaTrouble.BROKEN)
    if not found:
        raise Refused(MediaTrouble.BROKEN)
    return found


def _end(child: "subprocess.Popen[bytes]") -> float:
    """With whatever it started; gives the seconds of a processor it took. One that ended by itself is left alone, and
    gives 0: its number may be another's by now.
    """
    worked = 0.0
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        worked = used.ru_utime + used.ru_stime
    if child.stdout is not None:
        child.stdout.close()
    return worked


def _refuse_full(folder: Path) -> None:
    """What a child says of a file is nothing worth when it had no room: what it wrote so far lies there still."""
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(LEAST_ROOM))
    except OSError as trouble:
        if is_of_the_place(trouble):
            raise StorageAway(str(trouble.strerror)) from None
