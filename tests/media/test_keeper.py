"""The promise of every keeper, on each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from reviews_app.media.choose_keeper import choose_keeper
from reviews_app.media.keeper import CHUNK, Keeper, StorageAway
from reviews_app.media.storage import UploadTooLarge

KEY = "media/one-640.webp"


@pytest.fixture
def keeper(media_storage: str, tmp_path: Path) -> Keeper:
    return choose_keeper(media_storage, folder=tmp_path)


@pytest.fixture(params=["folder", "bucket"])
def away(request: pytest.FixtureRequest, tmp_path: Path) -> Keeper:
    """A folder that is a file, and a bucket on a port where nobody listens."""
    if request.param == "bucket":
        return choose_keeper("s3://key:secret@bucket?endpoint=http://127.0.0.1:9", folder=tmp_path)
    (tmp_path / "file").write_bytes(b"x")
    return choose_keeper("", folder=tmp_path / "file")


def content(keeper: Keeper, key: str = KEY) -> bytes:
    return b"".join(keeper.read(key, 0, keeper.size(key) or 0))


def keys(keeper: Keeper) -> list[str]:
    return [kept.key for folder in ("media/", "uploads/") for kept in keeper.keys(folder)]


def test_what_was_put_lies_there_whole(keeper: Keeper, tmp_path: Path) -> None:
    raw = bytes(range(256)) * 3000
    keeper.put(KEY, (raw[start : start + 1000] for start in range(0, len(raw), 1000)), "image/webp")
    assert keeper.size(KEY) == len(raw) > 2 * CHUNK
    assert content(keeper) == raw
    assert b"".join(keeper.read(KEY, 300_000, 1000)) == raw[300_000:301_000]
    assert list(keeper.read(KEY, 5, 0)) == []
    with keeper.as_file(KEY) as path:
        assert path is not None
        assert path.read_bytes() == raw
    assert list((tmp_path / "work").glob("*")) == []


def test_what_is_read_lies_where_the_tidying_looks(keeper: Keeper, tmp_path: Path) -> None:
    keeper.put(KEY, [b"x"], "image/webp")
    with keeper.as_file(KEY) as path:
        assert path in {tmp_path / KEY, *(tmp_path / "work").glob("*")}


def test_what_was_never_put_is_not_there(keeper: Keeper) -> None:
    assert keeper.size(KEY) is None
    with keeper.as_file(KEY) as path:
        assert path is None
    keeper.remove([KEY])
    assert not keeper.move(KEY, "uploads/two")
    assert keys(keeper) == []
    with pytest.raises(StorageAway):
        list(keeper.read(KEY, 0, 1))


def test_a_second_putting_replaces_the_first(keeper: Keeper) -> None:
    keeper.put(KEY, [b"first"], "image/webp")
    keeper.put(KEY, [b"second"], "image/webp")
    assert content(keeper) == b"second"


def test_a_stream_that_breaks_off_changes_nothing(keeper: Keeper) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise UploadTooLarge

    keeper.put(KEY, [b"whole"], "image/webp")
    for key in (KEY, "media/new"):
        with pytest.raises(UploadTooLarge):
            keeper.put(key, broken(), "image/webp")
    assert content(keeper) == b"whole"
    assert keys(keeper) == [KEY]


def test_a_moved_file_lies_at_its_new_place_alone(keeper: Keeper) -> None:
    keeper.put(KEY, [b"x"], "image/webp")
    assert keeper.move(KEY, "uploads/two")
    assert keys(keeper) == ["uploads/two"]
    assert content(keeper, "uploads/two") == b"x"


def test_each_folder_lists_its_own_with_size_and_time(keeper: Keeper) -> None:
    for place in range(3):
        keeper.put(f"media/{place}", [b"x" * place], "image/webp")
    keeper.put("uploads/raw", [b"raw"], "image/webp")
    listed = list(keeper.keys("media/"))
    assert [(one.key, one.byte_count) for one in listed] == [("media/0", 0), ("media/1", 1), ("media/2", 2)]
    assert all(abs(datetime.now(UTC) - one.kept_at) < timedelta(minutes=2) for one in listed)
    keeper.remove(["media/0", "media/2", "media/never"])
    assert keys(keeper) == ["media/1", "uploads/raw"]


def test_a_reader_never_sees_half_of_what_two_writers_put(tmp_path: Path) -> None:
    """Of the folder: of a bucket S3 promises it, and the server of the tests does not stand two at once."""
    keeper = choose_keeper("", folder=tmp_path)
    ones, twos = b"1" * 400_000, b"2" * 400_000
    keeper.put(KEY, [ones], "image/webp")

    def write(raw: bytes) -> None:
        for _ in range(3):
            keeper.put(KEY, [raw], "image/webp")

    writers = [Thread(target=write, args=(raw,)) for raw in (ones, twos)]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        with keeper.as_file(KEY) as path:
            assert path is not None
            seen.add(path.read_bytes())
    assert seen <= {ones, twos}


def test_every_verb_says_when_the_place_is_away(away: Keeper) -> None:
    with pytest.raises(StorageAway):
        away.put(KEY, [b"x"], "image/webp")
    with pytest.raises(StorageAway):
        away.size(KEY)
    with pytest.raises(StorageAway):
        list(away.read(KEY, 0, 1))
    with pytest.raises(StorageAway):
        away.move(KEY, "media/two")
    with pytest.raises(StorageAway):
        away.remove([KEY])
    assert not away.answers()


def test_a_place_that_is_there_answers(keeper: Keeper) -> None:
    assert keeper.answers()
