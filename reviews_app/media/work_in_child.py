"""Starts the child process that decodes a stranger's file, ends it when it takes too long, and believes it little."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from reviews_app.media.refused import Refused
from reviews_app.media.storage import SUFFIXES
from reviews_app.media.workshop import limits
from reviews_app.media.workshop.task import VIDEO, Made, Task, read_made
from reviews_app.models.media_words import MediaTrouble

TOP = Path(__file__).resolve().parents[2]
MOST_SAID = 4096
# Fewer heaps, so that address space measures memory; and nothing of ours: no key, no database address.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
FIRST_BYTES = {
    "webp": (0, b"RIFF"),
    "avif": (4, b"ftypavif"),
    "jpg": (0, b"\xff\xd8\xff"),
    "png": (0, b"\x89PNG\r\n\x1a\n"),
    "mp4": (4, b"ftyp"),
}


def work_in_child(task: Task) -> Made:
    """Make the files of a task in a process of its own. Raises Refused, also for a child that broke or ran too long."""
    bounds = limits.VIDEO if task.kind == VIDEO else limits.PICTURE
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
        raise Refused(MediaTrouble.TOO_HEAVY) from None
    finally:
        _end(child)
    if child.returncode != 0:
        raise Refused(_died_of(child.returncode))
    return read_made(said[:MOST_SAID].decode("utf-8", "replace"))


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


def _end(child: "subprocess.Popen[bytes]") -> None:
    """With whatever it started. One that ended by itself is left alone: its number may be another's by now."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _died_of(code: int) -> MediaTrouble:
    return MediaTrouble.TOO_HEAVY if code in {-signal.SIGXCPU, -signal.SIGXFSZ} else MediaTrouble.BROKEN
