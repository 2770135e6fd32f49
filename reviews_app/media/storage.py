"""Where files lie: raw uploads apart from what is served, written whole or not at all."""

import os
import re
import tempfile
from pathlib import Path
from typing import IO

SERVED = re.compile(r"([A-Za-z0-9_-]{22})-(1600|640|160)\.webp")
CHUNK = 64 * 1024


class UploadTooLarge(Exception):
    """The stream is longer than allowed; nothing of it was kept."""


class MediaStorage:
    """The local folder: `media/` is served, `uploads/` never."""

    def __init__(self, data_dir: Path) -> None:
        self._served = data_dir / "media"
        self._uploads = data_dir / "uploads"

    def keep_upload(self, name: str, stream: IO[bytes], *, most: int) -> int:
        """Keep a raw upload; gives its bytes. Raises UploadTooLarge beyond `most` bytes, and keeps nothing then."""
        self._uploads.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=self._uploads, prefix=".part-")
        count = 0
        try:
            with os.fdopen(handle, "wb") as file:
                while chunk := stream.read(CHUNK):
                    count += len(chunk)
                    if count > most:
                        raise UploadTooLarge
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(self._uploads / name)
        finally:
            # After the replacement there is nothing left to remove.
            Path(part).unlink(missing_ok=True)
        return count

    def read_upload(self, name: str) -> bytes | None:
        """A raw upload's bytes, or None when it is gone."""
        path = self._uploads / name
        return path.read_bytes() if path.exists() else None

    def drop(self, name: str, widths: tuple[int, ...] = (1600, 640, 160)) -> None:
        """Remove the raw upload and whatever was made of it."""
        (self._uploads / name).unlink(missing_ok=True)
        for width in widths:
            (self._served / f"{name}-{width}.webp").unlink(missing_ok=True)

    def drop_upload(self, name: str) -> None:
        """Remove the raw upload alone."""
        (self._uploads / name).unlink(missing_ok=True)

    def keep_picture(self, name: str, width: int, encoded: bytes) -> None:
        """Write one served file, whole or not at all."""
        self._served.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=self._served, prefix=".part-")
        with os.fdopen(handle, "wb") as file:
            file.write(encoded)
        Path(part).chmod(0o644)
        Path(part).replace(self._served / f"{name}-{width}.webp")

    def served_file(self, file_name: str) -> Path | None:
        """The file of a public name, or None when the name is none of ours or nothing lies there yet."""
        if not SERVED.fullmatch(file_name):
            return None
        path = self._served / file_name
        return path if path.exists() else None
