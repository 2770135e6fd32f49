"""What a sender has begun and what the other side took, on disk while it is not yet in the rows.

Outcomes are recorded in batches. A sender that is killed between two would send the whole batch again; its journal
tells whoever comes next on this machine what had left already, so at most what was in its hands is doubled.
Nothing is synced: a killed process loses no written byte, only a machine without power does. What is sent is known
by an id without a space: a mail by its lease, a delivery by lease and row.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

ENDING = ".journal"
BEGUN, TAKEN, REFUSED = "begun", "taken", "refused"


class Journal:
    """One sender's, for all its threads; the lock on the file says that it lives."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{uuid4().hex}{ENDING}"
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._turn = threading.Lock()
        self._is_open = True
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def begin(self, sent: str) -> None:
        """It is handed over from now on: whoever finds no answer to it cannot know whether it arrived."""
        self._note(BEGUN, sent)

    def taken(self, sent: str) -> None:
        """The other side has taken it. A thread that comes after the end is not heard: its file may be another's."""
        self._note(TAKEN, sent)

    def refused(self, sent: str) -> None:
        """The other side has said no to it: it has not arrived."""
        self._note(REFUSED, sent)

    def clear(self) -> None:
        """Everything noted is recorded in the rows."""
        os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Nothing is left to tell."""
        with suppress(FileNotFoundError):
            self._path.unlink()
        self.leave()

    def leave(self) -> None:
        """Something went wrong: what is noted stays for who comes next."""
        with self._turn:
            self._is_open = False
            os.close(self._file)

    def _note(self, what: str, sent: str) -> None:
        with self._turn:
            if self._is_open:
                os.write(self._file, f"{what} {sent}\n".encode())


@contextmanager
def journal(folder: Path) -> Iterator[Journal]:
    """A journal that is gone afterwards unless its sender broke off."""
    made = Journal(folder)
    is_through = False
    try:
        yield made
        is_through = True
    finally:
        if is_through:
            made.close()
        else:
            made.leave()


@dataclass
class LeftBehind:
    """What a dead sender had begun without an answer, what had been taken, and what refused."""

    begun: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


@contextmanager
def left_behind(folder: Path) -> Iterator[LeftBehind]:
    """Everything dead senders of this machine noted; their journals go once the block has recorded it."""
    found = LeftBehind()
    held: list[tuple[Path, int]] = []
    try:
        for path in sorted(folder.glob(f"*{ENDING}")):
            file = _lock_of_dead(path)
            if file is not None:
                held.append((path, file))
                _read(path, found)
        found.begun -= found.taken | found.refused
        yield found
        for path, _ in held:
            path.unlink(missing_ok=True)
    finally:
        for _, file in held:
            os.close(file)


def _lock_of_dead(path: Path) -> int | None:
    """Its lock, if nobody alive holds it."""
    with suppress(FileNotFoundError):
        file = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return file
    return None


def _read(path: Path, found: LeftBehind) -> None:
    """A last line that was cut short is none."""
    noted = {BEGUN: found.begun, TAKEN: found.taken, REFUSED: found.refused}
    for line in path.read_text().splitlines(keepends=True):
        what, _, sent = line.strip().partition(" ")
        if line.endswith("\n") and what in noted:
            noted[what].add(sent)
