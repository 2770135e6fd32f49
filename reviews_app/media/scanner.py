"""Asks ClamAV about a file through its socket, by INSTREAM of clamd(8)."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from reviews_app.media.keeper import CHUNK

# Below the lease of a picture, with its work; clamd looks at 90 MB in less.
SECONDS = 20.0
# Somebody waits for the answer whether it is there.
PING_SECONDS = 1.0
LONGEST_ANSWER = 4096
CLEAN, FOUND = "stream: OK", " FOUND"


class ScannerAway(Exception):
    """It does not answer, or does not say whether the file is clean: it must not be taken for clean."""


class Scanner:
    """clamd at `unix:///path` or `tcp://host:port`."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self._place = urlsplit(address)
        self._seconds = seconds

    def is_clean(self, path: Path) -> bool:
        """Whether it finds nothing in the file. Raises ScannerAway for every answer but these two."""
        with self._line() as line, path.open("rb") as file:
            line.send(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                line.send(struct.pack("!I", len(chunk)) + chunk)
            line.send(struct.pack("!I", 0))
            said = line.answer()
        if said == CLEAN:
            return True
        if said.endswith(FOUND):
            return False
        raise ScannerAway(said or "no answer")

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            with self._line(most=PING_SECONDS) as line:
                line.send(b"zPING\0")
                return line.answer() == "PONG"
        except ScannerAway:
            return False

    @contextmanager
    def _line(self, *, most: float = SECONDS) -> Iterator["_Line"]:
        try:
            with socket.socket(self._family, socket.SOCK_STREAM) as open_socket:
                yield _Line(open_socket, self._target, ends_at=time.monotonic() + min(self._seconds, most))
        except OSError as trouble:
            raise ScannerAway(trouble.strerror or type(trouble).__name__) from None

    @property
    def _family(self) -> socket.AddressFamily:
        return socket.AF_UNIX if self._place.scheme == "unix" else socket.AF_INET

    @property
    def _target(self) -> str | tuple[str, int]:
        if self._place.scheme == "unix":
            return self._place.path
        return (self._place.hostname or "", self._place.port or 0)


class _Line:
    """A connection that ends with its deadline, however slowly the other side reads and speaks."""

    def __init__(self, line: socket.socket, target: str | tuple[str, int], *, ends_at: float) -> None:
        self._line = line
        self._ends_at = ends_at
        self._is_shut = False
        self._hurry()
        line.connect(target)

    def send(self, part: bytes) -> None:
        """A scanner that has heard enough shuts the line and says why: its answer is read all the same."""
        if self._is_shut:
            return
        self._hurry()
        try:
            self._line.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            self._is_shut = True

    def answer(self) -> str:
        """What it says until it ends with a zero byte."""
        said = b""
        while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
            self._hurry()
            part = self._line.recv(LONGEST_ANSWER)
            if not part:
                break
            said += part
        return said.rstrip(b"\0\n").decode("utf-8", "replace")

    def _hurry(self) -> None:
        self._line.settimeout(max(self._ends_at - time.monotonic(), 0.001))
