"""A real PostgreSQL of our own for one run: a throwaway cluster that never waits for the disk."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text

from reviews_app.models.tables import METADATA
from tests.fakes.program import descendants

# What was committed is kept when the server dies.
DURABLE = "-c max_connections=200 -c listen_addresses=127.0.0.1"
OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=200 -c listen_addresses=127.0.0.1"
)


def binary(name: str) -> str:
    """Debian keeps the server's programs off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]))
    if found is None:
        raise RuntimeError(f"PostgreSQL's {name} was not found: install the package postgresql, or run make test")
    return found


def as_postgres(*command: str) -> list[str]:
    """The server refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


def run(*command: str) -> None:
    done = subprocess.run(as_postgres(*command), capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


class Cluster:
    """One cluster, shared by the processes of a run; the first starts it, `stop` ends it."""

    def __init__(self, folder: Path, *, options: str = OPTIONS) -> None:
        self._folder = folder
        self._options = options
        self._data = folder / "data"
        self._port_file = folder / "port"

    def port(self) -> int:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._port_file.exists():
                self._port_file.write_text(str(self._start()))
            return int(self._port_file.read_text())

    def new_database(self, *, with_tables: bool = True) -> str:
        """The address of an empty database, with every table unless told otherwise."""
        name = f"t{uuid4().hex}"
        server = f"postgresql+psycopg://postgres@127.0.0.1:{self.port()}"
        admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        if not with_tables:
            return f"{server}/{name}"
        engine = create_engine(f"{server}/{name}")
        METADATA.create_all(engine)
        engine.dispose()
        return f"{server}/{name}"

    def stop(self) -> None:
        if self._port_file.exists():
            run(binary("pg_ctl"), "-D", str(self._data), "-m", "immediate", "stop")
            shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> int:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        if os.geteuid() == 0:
            for folder in [self._folder, *self._folder.parents]:
                if folder == Path("/tmp"):
                    break
                folder.chmod(0o755)
            shutil.chown(self._folder, "postgres")
        run(binary("initdb"), "-D", str(self._data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C")
        self._run_server(port)
        return port

    def restart(self) -> None:
        """Let it die at once, as by kill -9, and start it again at the same port."""
        run(binary("pg_ctl"), "-D", str(self._data), "-m", "immediate", "stop")
        self._run_server(self.port())

    def freeze(self) -> None:
        """Stop every process of it where it is: it takes connections and bytes still, and answers nothing."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._send(signal.SIGCONT)

    def _send(self, how: signal.Signals) -> None:
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        for pid in [postmaster, *descendants(postmaster)]:
            with suppress(ProcessLookupError):
                os.kill(pid, how)

    def dump(self, url: str) -> bytes:
        """Every row of a database as text."""
        name = url.rsplit("/", 1)[1]
        port = str(self.port())
        command = as_postgres(binary("pg_dump"), "-h", "127.0.0.1", "-p", port, "-U", "postgres", name)
        return subprocess.run(command, capture_output=True, check=True, cwd="/").stdout

    def _run_server(self, port: int) -> None:
        log = str(self._folder / "log")
        options = f"{self._options} -p {port} -k {self._folder}"
        run(binary("pg_ctl"), "-D", str(self._data), "-w", "-l", log, "-o", options, "start")


def empty(url: str) -> None:
    """Take every row out."""
    engine = create_engine(url)
    names = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    engine.dispose()
