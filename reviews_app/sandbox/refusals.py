"""What keeps the sandbox from starting, said before anything is started."""

import errno
import socket
import tempfile
from pathlib import Path

from reviews_app.sandbox.sockets import is_listening, supervisor_socket

HOST = "127.0.0.1"


class CannotRun(Exception):
    """One line: what is in the way, and what to do."""


def refuse_what_cannot_work(data_dir: Path, port: int) -> None:
    """Raises CannotRun when the folder or a port is not ours to use."""
    refuse_folder(data_dir)
    if is_listening(supervisor_socket(data_dir)):
        raise CannotRun(
            f"It already runs on {data_dir}. Stop that one, or choose another folder: DATA_DIR=... make run"
        )
    for one in (port, port + 1, port + 2):
        refuse_port(one, port)


def refuse_folder(data_dir: Path) -> None:
    """The data folder must be there, or be makeable, and take files."""
    if "%" in str(data_dir):  # the process manager's file reads a percent sign in a log's name twice
        raise CannotRun(f"The data folder {data_dir} holds a percent sign. Choose another: DATA_DIR=~/reviews make run")
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=data_dir).close()
    except OSError as failure:
        raise CannotRun(
            f"The data folder {data_dir} cannot be written ({failure.strerror}). "
            "Choose another: DATA_DIR=~/reviews make run"
        ) from None


def refuse_port(port: int, first: int) -> None:
    """A port must be free; `first` is the PORT asked for."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as failure:
        why = (
            "is used by another program"
            if failure.errno == errno.EADDRINUSE
            else f"cannot be used ({failure.strerror})"
        )
        other = first + 100 if first < 65000 else 8000
        raise CannotRun(
            f"Port {port} {why}. Stop it, or choose another: PORT={other} make run "
            f"(uses {other}, {other + 1} and {other + 2})"
        ) from None
