import tempfile
from pathlib import Path

import pytest

from reviews_app.sandbox.sockets import is_listening, queue_socket, socket_folder, supervisor_socket


def test_sockets_live_in_the_data_folder(tmp_path: Path) -> None:
    assert supervisor_socket(tmp_path) == tmp_path / "run" / "supervisor.sock"
    assert queue_socket(tmp_path) == tmp_path / "run" / "queue.sock"
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_a_long_path_moves_them_to_a_private_temporary_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    folder = socket_folder(deep)
    assert folder.parent == Path(tempfile.gettempdir())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder == socket_folder(deep)
    assert folder != socket_folder(tmp_path / ("y" * 120))
    assert len(str(supervisor_socket(deep))) < 104


def test_a_folder_prepared_by_somebody_else_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("z" * 120)
    folder = socket_folder(deep)
    folder.rmdir()
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(PermissionError):
            socket_folder(deep)
    finally:
        folder.unlink()


def test_nobody_listens_on_a_socket_that_is_not_there(tmp_path: Path) -> None:
    assert not is_listening(tmp_path / "none.sock")
