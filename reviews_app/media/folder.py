"""Keeps files in a local folder."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from reviews_app.media.keeper import CHUNK, Kept, StorageAway

PART = ".part-"


class FolderKeeper:
    """Keys are paths below the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, chunks: Iterable[bytes], content_type: str) -> None:
        """Write aside, sync, rename: a reader sees all of it or nothing, even after a power cut."""
        target = self._folder / key
        part: Path | None = None
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=PART)
            part = Path(name)
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o644)
            part.replace(target)
            _sync_folder(target.parent)
        except OSError as trouble:
            raise StorageAway(trouble.strerror or type(trouble).__name__) from None
        finally:
            if part is not None:
                part.unlink(missing_ok=True)

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path | None]:
        """The file itself."""
        path = self._folder / key
        yield path if path.is_file() else None

    def size(self, key: str) -> int | None:
        """By the file's own record."""
        try:
            return (self._folder / key).stat().st_size
        except FileNotFoundError:
            return None
        except OSError as trouble:
            raise StorageAway(trouble.strerror) from None

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """Chunks of the file."""
        try:
            with (self._folder / key).open("rb") as file:
                file.seek(start)
                while length > 0 and (chunk := file.read(min(CHUNK, length))):
                    length -= len(chunk)
                    yield chunk
        except OSError as trouble:
            raise StorageAway(trouble.strerror) from None

    def move(self, source: str, target: str) -> bool:
        """Renamed."""
        path = self._folder / target
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            (self._folder / source).replace(path)
        except FileNotFoundError:
            return False
        except OSError as trouble:
            raise StorageAway(trouble.strerror) from None
        return True

    def remove(self, keys: Iterable[str]) -> None:
        """Unlink each."""
        for key in keys:
            try:
                (self._folder / key).unlink(missing_ok=True)
            except OSError as trouble:
                raise StorageAway(trouble.strerror) from None

    def keys(self, prefix: str) -> Iterator[Kept]:
        """Files below the prefix's folder; half-written ones do not count."""
        for path in sorted((self._folder / prefix).rglob("*")):
            if path.is_file() and not path.name.startswith(PART):
                seen = path.stat()
                at = datetime.fromtimestamp(seen.st_mtime, UTC)
                yield Kept(path.relative_to(self._folder).as_posix(), seen.st_size, at)

    def answers(self) -> bool:
        """Whether files can be put into the folder."""
        return self._folder.is_dir() and os.access(self._folder, os.R_OK | os.W_OK | os.X_OK)

    def tidy(self, before: datetime) -> int:
        """Half-written files of processes that were killed."""
        dead = [part for part in self._folder.glob(f"*/{PART}*") if part.stat().st_mtime < before.timestamp()]
        for part in dead:
            part.unlink(missing_ok=True)
        return len(dead)


def _sync_folder(folder: Path) -> None:
    """The new name itself must outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
