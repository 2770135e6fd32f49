"""Where the unix sockets of one data folder live."""

import hashlib
import os
import socket
import tempfile
from pathlib import Path

# A unix socket's whole path has room for 104 bytes on macOS and 108 on Linux, the longest name below included.
LONGEST_FOLDER = 84
OWNER_ALONE = 0o700
SECONDS = 1.0


def socket_folder(data_dir: Path) -> Path:
    """`run` in the data folder, or a private temporary folder when that path is too long for a socket.

    Every process of one run finds the same. Raises PermissionError when the temporary one belongs to somebody else.
    """
    folder = data_dir / "run"
    if len(os.fsencode(folder)) > LONGEST_FOLDER:
        name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"reviews-{os.getuid()}-{name}"
    folder.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)
    seen = folder.lstat()
    if seen.st_uid != os.getuid() or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to somebody else")
    folder.chmod(OWNER_ALONE)
    return folder


def supervisor_socket(data_dir: Path) -> Path:
    """Where the process manager listens."""
    return socket_folder(data_dir) / "supervisor.sock"


def queue_socket(data_dir: Path) -> Path:
    """Where the queue listens."""
    return socket_folder(data_dir) / "queue.sock"


def is_listening(path: Path) -> bool:
    """Whether somebody answers there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(SECONDS)
        return probe.connect_ex(str(path)) == 0
