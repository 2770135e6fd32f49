import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviews_app.sandbox.processes import NoProcessManager, states
from reviews_app.sandbox.programs import TOP, Program, supervisor_file
from tests.sandbox.eventually import eventually


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended but was not collected yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> set[int]:
    """Every process below one, however deep."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    below = {pid}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return below - {pid}


def stop(process: "subprocess.Popen[bytes]", *, by: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(by)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        for pid in (*children(process.pid), process.pid):
            os.kill(pid, signal.SIGKILL)
        raise


@contextmanager
def running_manager(data_dir: Path, *programs: Program) -> Iterator["subprocess.Popen[bytes]"]:
    """The real process manager with our own file, on these programs."""
    (data_dir / "log").mkdir()
    (data_dir / "run").mkdir()
    file = data_dir / "supervisord.conf"
    file.write_text(supervisor_file(data_dir, list(programs)))
    process = subprocess.Popen([sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(file)], cwd=TOP)
    try:
        eventually(lambda: answers(data_dir))
        yield process
    finally:
        if process.poll() is None:
            stop(process)


def answers(data_dir: Path) -> bool:
    try:
        states(data_dir)
    except NoProcessManager:
        return False
    return True
