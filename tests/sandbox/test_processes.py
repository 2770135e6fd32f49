import os
import signal
import sys
from pathlib import Path

import pytest

from reviews_app.sandbox.processes import NoProcessManager, start, start_worker, states, stop_worker
from reviews_app.sandbox.programs import Program
from tests.sandbox.eventually import eventually
from tests.sandbox.running import children, is_alive, running_manager, stop

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
WORKER = Program("worker-kustomer", SLEEPER, begins_by_itself=True)
LATER = Program("outside", SLEEPER)
ONCE = Program("seed", (sys.executable, "-c", "print('filled')"), runs_once=True)
PARENT = Program(
    "web",
    (sys.executable, "-c", "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'], stdin=-1)"),
    begins_by_itself=True,
)


def state(data_dir: Path, name: str) -> str:
    return states(data_dir)[name].state


def test_the_worker_stops_stays_stopped_and_starts_again(tmp_path: Path) -> None:
    with running_manager(tmp_path, WORKER):
        eventually(lambda: states(tmp_path)["worker-kustomer"].is_running)
        stop_worker(tmp_path)
        assert state(tmp_path, "worker-kustomer") == "STOPPED"
        stop_worker(tmp_path)
        start_worker(tmp_path)
        start_worker(tmp_path)
        assert states(tmp_path)["worker-kustomer"].is_running


def test_a_program_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with running_manager(tmp_path, WORKER):
        eventually(lambda: state(tmp_path, "worker-kustomer") == "RUNNING")
        killed = states(tmp_path)["worker-kustomer"].pid
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: states(tmp_path)["worker-kustomer"].pid not in {0, killed})


def test_what_does_not_begin_by_itself_waits_until_started(tmp_path: Path) -> None:
    with running_manager(tmp_path, LATER):
        assert state(tmp_path, "outside") == "STOPPED"
        start(tmp_path, "outside")
        eventually(lambda: states(tmp_path)["outside"].is_running)


def test_what_runs_once_is_not_started_again(tmp_path: Path) -> None:
    with running_manager(tmp_path, ONCE):
        start(tmp_path, "seed")
        eventually(lambda: state(tmp_path, "seed") == "EXITED")
        assert "filled" in (tmp_path / "log" / "seed.log").read_text()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_no_child_and_no_grandchild(tmp_path: Path, by: signal.Signals) -> None:
    with running_manager(tmp_path, WORKER, PARENT) as manager:
        eventually(lambda: len(children(manager.pid)) == 3)
        below = children(manager.pid)
        stop(manager, by=by)
    assert [pid for pid in below if is_alive(pid)] == []


def test_children_end_when_the_manager_itself_is_killed(tmp_path: Path) -> None:
    with running_manager(tmp_path, WORKER) as manager:
        eventually(lambda: states(tmp_path)["worker-kustomer"].is_running)
        (child,) = children(manager.pid)
        manager.kill()
        manager.wait()
        eventually(lambda: not is_alive(child))


def test_without_a_manager_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoProcessManager):
        states(tmp_path)
    with pytest.raises(NoProcessManager):
        stop_worker(tmp_path)


def test_a_program_it_does_not_know_is_no_silent_success(tmp_path: Path) -> None:
    with running_manager(tmp_path, LATER), pytest.raises(NoProcessManager, match="BAD_NAME"):
        start_worker(tmp_path)


@pytest.mark.parametrize("name", ["two words", "a" * 120, "ä; b"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    with running_manager(folder, WORKER):
        eventually(lambda: states(folder)["worker-kustomer"].is_running)
