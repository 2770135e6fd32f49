import os
import socket
from pathlib import Path

import pytest

from reviews_app.sandbox.programs import Program
from reviews_app.sandbox.refusals import CannotRun, refuse_what_cannot_work
from tests.sandbox.ports import free_ports
from tests.sandbox.running import running_manager


def test_a_new_folder_and_free_ports_are_fine(tmp_path: Path) -> None:
    refuse_what_cannot_work(tmp_path / "new" / "folder", free_ports(3)[0])
    assert (tmp_path / "new" / "folder").is_dir()


@pytest.mark.parametrize("above", [0, 1, 2])
def test_each_of_the_three_ports_must_be_free(tmp_path: Path, above: int) -> None:
    port = free_ports(3)[0]
    with socket.create_server(("127.0.0.1", port + above)), pytest.raises(CannotRun) as refused:
        refuse_what_cannot_work(tmp_path, port)
    assert str(port + above) in str(refused.value)
    assert f"PORT={port + 100 if port < 65000 else 8000} make run" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_in_place_of_the_folder_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(CannotRun, match="DATA_DIR="):
        refuse_what_cannot_work(tmp_path / "data", free_ports(3)[0])


def test_a_percent_sign_in_the_folders_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="percent"):
        refuse_what_cannot_work(tmp_path / "100% sure", free_ports(3)[0])


def test_a_folder_nobody_can_write_is_refused(tmp_path: Path) -> None:
    folder = Path("/proc/1") if os.getuid() == 0 else tmp_path / "read-only"
    if os.getuid():
        folder.mkdir(mode=0o500)
    with pytest.raises(CannotRun, match="cannot be written"):
        refuse_what_cannot_work(folder, free_ports(3)[0])


def test_a_folder_that_runs_already_is_left_alone(tmp_path: Path) -> None:
    with (
        running_manager(tmp_path, Program("web", ("sleep", "600"))),
        pytest.raises(CannotRun, match="already runs"),
    ):
        refuse_what_cannot_work(tmp_path, free_ports(3)[0])
