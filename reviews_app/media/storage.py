"""Where files lie: raw uploads apart from what is served, written whole or not at all."""

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import CHUNK, DirectKeeper, Keeper, Offer
from reviews_app.media.signature import BYTES_NEEDED
from reviews_app.models.media_words import MAIL_JPEG, MAIL_PNG, SIZES

VIDEO = "video.mp4"
PICTURES = tuple(f"{size}.{kind}" for size in SIZES for kind in ("webp", "avif"))
SUFFIXES = (*PICTURES, MAIL_JPEG, MAIL_PNG, VIDEO)
NAME_LETTERS = 22
SERVED = re.compile(rf"([A-Za-z0-9_-]{{{NAME_LETTERS}}})-({'|'.join(map(re.escape, SUFFIXES))})")
TYPES = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg", "png": "image/png", "mp4": "video/mp4"}
OPAQUE = "application/octet-stream"
# What is served; raw uploads; what browsers sent to a bucket and nobody looked at yet; what a scanner found bad.
SERVED_FOLDER, RAW, INCOMING, QUARANTINE = "media/", "uploads/", "incoming/", "quarantine/"
FOLDERS = (SERVED_FOLDER, RAW, INCOMING, QUARANTINE)
# An honest phone on a bad line sends 90 MB in that time; afterwards nobody puts anything there.
OFFERED_SECONDS = 1800


class UploadTooLarge(Exception):
    """The stream is longer than allowed; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Served:
    """A file as the public gets it."""

    key: str
    byte_count: int
    content_type: str


@dataclass(frozen=True, slots=True)
class Lying:
    """A file where it lies, and the name it belongs to."""

    key: str
    folder: str
    name: str


class MediaStorage:
    """What is served lies apart from what was sent. Every method may raise StorageAway."""

    def __init__(self, keeper: Keeper | Path) -> None:
        self.keeper = FolderKeeper(keeper) if isinstance(keeper, Path) else keeper

    def keep_upload(self, name: str, stream: IO[bytes], *, most: int) -> int:
        """Keep a raw upload; gives its bytes. Raises UploadTooLarge beyond `most` bytes, and keeps nothing then."""
        counted = _Counted(stream, most)
        self.keeper.put(_upload(name), counted, OPAQUE)
        return counted.count

    @property
    def direct_origin(self) -> str | None:
        """Where browsers may send files to without us between; None when they send to us."""
        keeper = self.keeper
        return keeper.origin if isinstance(keeper, DirectKeeper) and keeper.takes_offers else None

    def offer(self, name: str, *, most: int) -> Offer | None:
        """Let a browser send one file of at most so many bytes; None when it must send to us."""
        keeper = self.keeper
        if not isinstance(keeper, DirectKeeper) or not keeper.takes_offers:
            return None
        return keeper.offer(INCOMING + name, most=most, seconds=OFFERED_SECONDS)

    def take_offered(self, offered: str, name: str) -> tuple[int, bytes] | None:
        """Make what a browser sent a raw upload of a name nobody was told: nobody can change it any more.

        Gives its bytes counted and its first 16; None when nothing came.
        """
        if not self.keeper.move(INCOMING + offered, _upload(name)):
            return None
        count = self.keeper.size(_upload(name))
        return None if count is None else (count, b"".join(self.keeper.read(_upload(name), 0, BYTES_NEEDED)))

    def set_apart(self, name: str) -> None:
        """Put a raw upload where nothing reads it any more."""
        self.keeper.move(_upload(name), QUARANTINE + name)

    def upload_as_file(self, name: str) -> AbstractContextManager[Path | None]:
        """A raw upload as a file to read, or None when it is gone."""
        return self.keeper.as_file(_upload(name))

    def drop(self, name: str) -> None:
        """Remove the raw upload and whatever was made of it."""
        raw = [folder + name for folder in (RAW, INCOMING, QUARANTINE)]
        self.keeper.remove([*raw, *(_served(name, suffix) for suffix in SUFFIXES)])

    def drop_offered(self, name: str) -> None:
        """Remove what a browser sent to a place that was offered."""
        self.keeper.remove([INCOMING + name])

    def drop_upload(self, name: str) -> None:
        """Remove the raw upload alone."""
        self.keeper.remove([_upload(name)])

    def keep_served(self, name: str, suffix: str, chunks: Iterable[bytes]) -> None:
        """Keep one served file, whole or not at all; `suffix` is one of SUFFIXES."""
        self.keeper.put(_served(name, suffix), chunks, TYPES[suffix.rpartition(".")[2]])

    def served_as_file(self, name: str, suffix: str) -> AbstractContextManager[Path | None]:
        """A served file to read, or None when nothing lies there."""
        return self.keeper.as_file(_served(name, suffix))

    def served_file(self, file_name: str) -> Served | None:
        """The file of a public name, or None when the name is none of ours or nothing lies there yet."""
        named = SERVED.fullmatch(file_name)
        if named is None:
            return None
        key = _served(*named.groups())
        count = self.keeper.size(key)
        return None if count is None else Served(key, count, TYPES[file_name.rpartition(".")[2]])

    def read(self, served: Served, *, start: int, length: int) -> Iterator[bytes]:
        """That part of a served file."""
        return self.keeper.read(served.key, start, length)

    def answers(self) -> bool:
        """Whether the place where files lie can be asked."""
        return self.keeper.answers()

    def tidy(self, before: datetime) -> int:
        """Remove half-written files older than that; gives how many."""
        return self.keeper.tidy(before)

    def older_than(self, before: datetime) -> Iterator[Lying]:
        """Every file kept before that moment."""
        for folder in FOLDERS:
            for kept in self.keeper.keys(folder):
                if kept.kept_at < before:
                    yield Lying(kept.key, folder, kept.key.removeprefix(folder)[:NAME_LETTERS])


class _Counted:
    """The chunks of a stream, counted, that end with UploadTooLarge beyond the most."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._most = most
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._stream.read(CHUNK):
            self.count += len(chunk)
            if self.count > self._most:
                raise UploadTooLarge
            yield chunk


def _upload(name: str) -> str:
    return RAW + name


def _served(name: str, suffix: str) -> str:
    return f"{SERVED_FOLDER}{name}-{suffix}"
