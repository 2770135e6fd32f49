"""Asks the process manager about its programs, over its unix socket."""

import socket
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import Error, Fault, ServerProxy

from supervisor.xmlrpc import Faults, SupervisorTransport

from reviews_app.sandbox.programs import GROUP
from reviews_app.sandbox.sockets import supervisor_socket

WORKER = "worker-kustomer"
SECONDS = 10.0
WITHOUT_WAITING = False
ALREADY_SO = {Faults.ALREADY_STARTED, Faults.NOT_RUNNING}


class NoProcessManager(Exception):
    """Nobody listens: the web runs without `make run`, or the process manager hangs."""


@dataclass(frozen=True, slots=True)
class ProcessState:
    """One program as the process manager sees it."""

    name: str
    state: str
    pid: int

    @property
    def is_running(self) -> bool:
        """Running, or about to."""
        return self.state in {"RUNNING", "STARTING"}


def states(data_dir: Path) -> dict[str, ProcessState]:
    """Every program by its name. Raises NoProcessManager."""
    listed = cast("list[dict[str, Any]]", _ask(data_dir, "getAllProcessInfo"))
    return {one["name"]: ProcessState(one["name"], one["statename"], one["pid"]) for one in listed}


def stop_worker(data_dir: Path) -> None:
    """Stop the worker that sends to Kustomer; it stays stopped. Raises NoProcessManager."""
    stop(data_dir, WORKER)


def start_worker(data_dir: Path) -> None:
    """Start it again. Raises NoProcessManager."""
    start(data_dir, WORKER)


def stop(data_dir: Path, name: str) -> None:
    """Stop one program; it stays stopped. Raises NoProcessManager."""
    _ask(data_dir, "stopProcess", f"{GROUP}:{name}")


def start(data_dir: Path, name: str) -> None:
    """Start one program without waiting for it; one that runs already is left alone. Raises NoProcessManager."""
    _ask(data_dir, "startProcess", f"{GROUP}:{name}", WITHOUT_WAITING)


class _Connection(HTTPConnection):
    """HTTP over a unix socket, given up when the process manager hangs."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


class _Transport(SupervisorTransport):  # type: ignore[misc]
    """Supervisor's own, over a connection that knows when to give up."""

    def __init__(self, path: Path) -> None:
        super().__init__(None, None, f"unix://{path}")
        self._get_connection = lambda: _Connection(path)


def _ask(data_dir: Path, method: str, *arguments: str | bool) -> object:
    try:
        with ServerProxy("http://localhost", transport=_Transport(supervisor_socket(data_dir))) as manager:
            return getattr(manager.supervisor, method)(*arguments)
    except Fault as fault:
        if fault.faultCode in ALREADY_SO:
            return None
        raise NoProcessManager(fault.faultString) from None
    except (OSError, Error, HTTPException) as failure:
        raise NoProcessManager(f"{type(failure).__name__}: {failure}") from None
