"""Moving files from one keeper to another, broken off anywhere."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import StorageAway
from reviews_app.media.move_files import clear_files, copy_files
from tests.factories.media import fill_keeper, lying


class Breaking(FolderKeeper):
    """A keeper that ends after some files, as a killed process does."""

    def __init__(self, folder: Path, *, after: int) -> None:
        super().__init__(folder)
        self.left = after

    def put(self, key: str, chunks: Iterable[bytes], content_type: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise StorageAway("killed")
        super().put(key, chunks, content_type)


@pytest.mark.parametrize("after", range(7))
def test_broken_off_after_any_file_it_goes_on(tmp_path: Path, after: int) -> None:
    folder = FolderKeeper(tmp_path / "source")
    before = fill_keeper(folder)
    target = tmp_path / "target"
    with pytest.raises(StorageAway):
        list(copy_files(folder, Breaking(target, after=after)))
    assert lying(folder) == before
    assert len(lying(FolderKeeper(target))) == after
    last = list(copy_files(folder, FolderKeeper(target)))[-1]
    assert (last.copied, last.equal) == (7 - after, after)
    assert lying(FolderKeeper(target)) == before


def test_nothing_is_removed_that_does_not_lie_at_the_new_place_in_full(tmp_path: Path) -> None:
    source, target = FolderKeeper(tmp_path / "source"), FolderKeeper(tmp_path / "target")
    before = fill_keeper(source, count=2)
    first, second, raw = sorted(before)
    target.put(first, source.read(first, 0, before[first]), "image/webp")
    target.put(second, [b"half"], "image/webp")
    assert clear_files(source, target) == 1
    assert sorted(lying(source)) == [second, raw]
