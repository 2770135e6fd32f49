import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import StorageAway


def test_a_writer_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    keeper = FolderKeeper(tmp_path)
    keeper.put("media/one", [b"whole"], "image/webp")

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageAway, match="No space left"):
        keeper.put("media/one", broken(), "image/webp")
    assert (tmp_path / "media" / "one").read_bytes() == b"whole"
    assert list((tmp_path / "media").iterdir()) == [tmp_path / "media" / "one"]


def test_a_full_disk_is_a_storage_that_is_away() -> None:
    with pytest.raises(StorageAway):
        FolderKeeper(Path("/dev/full")).put("media/one", [b"x"], "image/webp")


def test_what_a_killed_writer_left_is_no_file_and_is_tidied_after_a_while(tmp_path: Path) -> None:
    keeper = FolderKeeper(tmp_path)
    keeper.put("uploads/whole", [b"x"], "image/webp")
    half = tmp_path / "uploads" / ".part-dead"
    half.write_bytes(b"half")
    assert [kept.key for kept in keeper.keys("uploads/")] == ["uploads/whole"]
    now = datetime.now(UTC)
    assert keeper.tidy(now - timedelta(hours=1)) == 0
    os.utime(half, (0, 0))
    assert keeper.tidy(now - timedelta(hours=1)) == 1
    assert not half.exists()


def test_a_folder_answers_until_it_is_gone(tmp_path: Path) -> None:
    keeper = FolderKeeper(tmp_path / "files")
    assert not keeper.answers()
    (tmp_path / "files").mkdir()
    assert keeper.answers()
