import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from reviews_app.sandbox.processes import states
from reviews_app.sandbox.programs import TOP
from tests.sandbox.eventually import eventually
from tests.sandbox.ports import free_ports
from tests.sandbox.running import answers, children, is_alive, stop

Run = tuple["subprocess.Popen[bytes]", str, Path]


@contextmanager
def make_run(tmp_path: Path) -> Iterator[Run]:
    """What `make run` executes, on free ports, until told to stop."""
    port, said = free_ports(3)[0], tmp_path / "said"
    environment = os.environ | {"PORT": str(port), "DATA_DIR": str(tmp_path / "data")}
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "reviews_app.sandbox"], cwd=TOP, env=environment, stdout=out, stderr=out
        )
    try:
        yield process, f"http://127.0.0.1:{port}", said
    finally:
        if process.poll() is None:
            stop(process)


def status(address: str) -> int:
    try:
        return requests.get(address, timeout=5).status_code
    except requests.ConnectionError:
        return 0


def test_one_command_brings_everything_up_and_ctrl_c_takes_everything_down(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with make_run(tmp_path) as (process, base, said):
        eventually(lambda: status(f"{base}/") == 200, within=60)
        eventually(lambda: "demo-merchant" in said.read_text(), within=60)
        eventually(lambda: states(data_dir)["worker-kustomer"].is_running, within=30)
        below = children(process.pid)
        assert len(below) >= 8
        stop(process, by=signal.SIGINT)
        eventually(lambda: not [pid for pid in below if is_alive(pid)], within=10)
    assert "Traceback" not in said.read_text()


def test_a_killed_web_server_leaves_no_child_and_is_back_at_once(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with make_run(tmp_path) as (_, base, _said):
        eventually(lambda: status(f"{base}/") == 200, within=60)
        eventually(lambda: answers(data_dir) and states(data_dir)["web"].state == "RUNNING", within=30)
        server = states(data_dir)["web"].pid
        (serving,) = children(server)
        os.kill(server, signal.SIGKILL)
        eventually(lambda: not is_alive(serving), within=10)
        eventually(lambda: status(f"{base}/") == 200, within=60)


def test_a_port_in_use_is_one_line_and_no_start(tmp_path: Path) -> None:
    with make_run(tmp_path) as (_, base, _said):
        eventually(lambda: status(f"{base}/health/live") == 200, within=60)
        environment = os.environ | {"PORT": base.rsplit(":")[-1], "DATA_DIR": str(tmp_path / "other")}
        second = subprocess.run(
            [sys.executable, "-m", "reviews_app.sandbox"],
            cwd=TOP,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "make run" in second.stderr
