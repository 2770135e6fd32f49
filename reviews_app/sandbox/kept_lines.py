"""Append-only JSON lines on disk: what the outside world has seen, the same after a restart."""

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

ONLY_OURS = 0o600


class KeptLines:
    """One file, one JSON value a line. Only where each line begins is held in memory, so thousands cost nothing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, ONLY_OURS)
        self._lock = threading.Lock()
        self._starts = [0]
        content = path.read_bytes()
        for line in content.splitlines(keepends=True):
            if line.endswith(b"\n"):
                self._starts.append(self._starts[-1] + len(line))
        # A line cut off by a kill was never acknowledged, so it goes.
        os.ftruncate(self._file, self._starts[-1])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, row: dict[str, Any]) -> int:
        """Write one line; gives its number, the first is 1."""
        line = orjson.dumps(row) + b"\n"
        with self._lock:
            if os.write(self._file, line) < len(line):
                os.ftruncate(self._file, self._starts[-1])
                raise OSError(errno.ENOSPC, "No space left for the outside world's memory")
            self._starts.append(self._starts[-1] + len(line))
            return len(self)

    def row(self, number: int) -> dict[str, Any] | None:
        """One line by its number, or None when there is no such line."""
        if not 1 <= number <= len(self):
            return None
        start, end = self._starts[number - 1], self._starts[number]
        row: dict[str, Any] = orjson.loads(os.pread(self._file, end - start, start))
        return row

    def newest_first(self, *, before: int, count: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Up to `count` lines with numbers below `before`, the newest first."""
        newest = min(before - 1, len(self))
        for number in range(newest, max(newest - count, 0), -1):
            row = self.row(number)
            if row is not None:
                yield number, row

    def as_array(self) -> bytes:
        """Everything as one JSON array, the oldest first."""
        content = os.pread(self._file, self._starts[-1], 0)
        return b"[" + content.rstrip(b"\n").replace(b"\n", b",\n") + b"]"
