"""Files that hold secrets: written whole or not at all, readable by their owner alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

OWNER_ALONE = 0o600


def write_once(path: Path, text: str) -> None:
    """Write, unless the file is there already; of two processes at once one is first."""
    aside = _write_aside(path, text)
    # A link, unlike a rename, refuses when another process was faster.
    with suppress(FileExistsError):
        path.hardlink_to(aside)
    aside.unlink()


def write_anew(path: Path, text: str) -> None:
    """Write in place of what was there."""
    _write_aside(path, text).replace(path)


def _write_aside(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE), "w") as file:
        file.write(text)
    return aside
