"""The programs of one run, and the process manager's file that names them."""

import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from reviews_app.sandbox.queue_engine import QueueEngine
from reviews_app.sandbox.sockets import supervisor_socket

GROUP = "reviews"
TOP = Path(__file__).resolve().parents[2]
WORKER_QUEUES = ("kustomer", "mail", "media", "video", "files")
SEED = "seed"
# The demo is whole without them; started beside the seed they would only take the processor from it.
AFTER_SEED = {"worker-media", "worker-video", "worker-files"}
# So many may send at a time: a thread that waits for a slow sender costs 80 kB. Eight work (web/read_first.py).
BLOCKING_THREADS, MOST_AT_A_TIME = 640, 1280


@dataclass(frozen=True, slots=True)
class Program:
    """One child. What does not begin by itself is started once the web answers, so that the web has the processor."""

    name: str
    command: tuple[str, ...]
    begins_by_itself: bool = False
    runs_once: bool = False


def programs(port: int, engine: QueueEngine) -> list[Program]:
    """All of them, the first first."""
    python = sys.executable
    flask = (python, "-m", "flask")
    granian = (python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port))
    threads = ("--blocking-threads", str(BLOCKING_THREADS), "--backpressure", str(MOST_AT_A_TIME))
    serving = ("--workers", "1", *threads, "--http", "1", "--no-ws")
    listed = [Program("web", (*granian, *serving, "reviews_app.sandbox.app:app"), begins_by_itself=True)]
    if engine.command:
        listed.append(Program("queue", engine.command, begins_by_itself=True))
    listed.append(Program("outside", (python, "-m", "reviews_app.sandbox.outside")))
    listed.append(Program(SEED, (python, "-m", "reviews_app.sandbox.seed"), runs_once=True))
    if engine.is_there:
        listed += [Program(f"worker-{queue}", (*flask, "worker", queue)) for queue in WORKER_QUEUES]
        listed.append(Program("scheduler", (*flask, "scheduler")))
    return listed


def supervisor_file(data_dir: Path, listed: list[Program]) -> str:
    """The text of supervisord.conf. It holds no secret: children inherit those."""
    log, run = data_dir / "log", data_dir / "run"
    socket = supervisor_socket(data_dir)
    names = ",".join(program.name for program in listed)
    sections = [
        _section("unix_http_server", {"file": str(socket), "chmod": "0600"}),
        _section(
            "supervisord",
            {
                "nodaemon": "true",
                "silent": "true",
                "directory": str(TOP),
                "pidfile": str(run / "supervisord.pid"),
                "logfile": str(log / "supervisord.log"),
                "logfile_maxbytes": "1MB",
                "logfile_backups": "2",
                "childlogdir": str(log),
            },
        ),
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n",
        # One group: its programs are told to stop all at once, not one after the other.
        _section(f"group:{GROUP}", {"programs": names}),
    ]
    tie = _tie()
    sections += [_program(program, tie=tie, log=log, place=place) for place, program in enumerate(listed)]
    return "\n".join(sections)


def _program(program: Program, *, tie: tuple[str, ...], log: Path, place: int) -> str:
    values = {
        "command": shlex.join((*tie, *program.command)),
        "directory": str(TOP),
        "priority": str(place + 1),
        "autostart": "true" if program.begins_by_itself else "false",
        # What runs once and broke, as a seed does that found the database busy, is tried again.
        "autorestart": "unexpected" if program.runs_once else "true",
        "startsecs": "0" if program.runs_once else "1",
        "startretries": "1000",
        "stopwaitsecs": "5",
        "stopasgroup": "true",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": str(log / f"{program.name}.log"),
        "stdout_logfile_maxbytes": "2MB",
        "stdout_logfile_backups": "2",
    }
    return _section(f"program:{program.name}", values)


def _section(name: str, values: dict[str, str]) -> str:
    lines = [f"{key} = {value.replace('%', '%%')}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _tie() -> tuple[str, ...]:
    """Ends a child when the process manager itself is killed, where the system has a way to ask for that."""
    found = shutil.which("setpriv")
    tie = (found, "--pdeathsig", "TERM") if found else ()
    works = tie and subprocess.run([*tie, "true"], capture_output=True, check=False).returncode == 0
    return tie if works else ()
