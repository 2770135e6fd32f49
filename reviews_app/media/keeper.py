"""What every keeper of files promises, whatever it stands on."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

CHUNK = 256 * 1024
# Below the data folder: what is being worked on. A killed worker's part of it is cleared by the tidying.
WORK_FOLDER = "work"


class StorageAway(Exception):
    """The keeper does not answer, is full or refuses us: trying again later may help."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file that lies there."""

    key: str
    byte_count: int
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """Where a browser may send one file to, and the fields it must send before it."""

    url: str
    fields: dict[str, str]


class Keeper(Protocol):
    """Nine verbs. A key is `<folder>/<file>`, its folder one of storage.FOLDERS. Every verb may raise StorageAway."""

    def put(self, key: str, chunks: Iterable[bytes], content_type: str) -> None:
        """Keep the bytes under the key, whole or not at all, over whatever lay there."""

    def as_file(self, key: str) -> AbstractContextManager[Path | None]:
        """The bytes as a file to read while the context lasts; None when nothing lies there."""

    def size(self, key: str) -> int | None:
        """How many bytes lie there; None when nothing does."""

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """That part of the bytes, in chunks."""

    def move(self, source: str, target: str) -> bool:
        """Give the bytes another key, over whatever lay there; gives whether there were any."""

    def remove(self, keys: Iterable[str]) -> None:
        """Remove what lies there; nothing is fine."""

    def keys(self, prefix: str) -> Iterator[Kept]:
        """Every file whose key begins so, such as `media/`."""

    def answers(self) -> bool:
        """Whether the place is there, within a second or two: somebody waits. Never raises."""

    def tidy(self, before: datetime) -> int:
        """Remove what killed writers left half-written before that moment; gives how many."""


@runtime_checkable
class DirectKeeper(Keeper, Protocol):
    """A keeper that browsers may send to without us between."""

    @property
    def takes_offers(self) -> bool:
        """Whether they shall."""

    @property
    def origin(self) -> str:
        """Scheme, host and port they send to."""

    def offer(self, key: str, *, most: int, seconds: int) -> Offer:
        """Let a browser put at most so many bytes under that key for so many seconds. Nothing is believed of it."""
