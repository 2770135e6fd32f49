from io import BytesIO
from pathlib import Path

import pytest

from reviews_app.lib.tokens import new_token
from reviews_app.media.storage import SUFFIXES, MediaStorage, UploadTooLarge

A_NAME = "a" * 22


@pytest.fixture
def storage(tmp_path: Path) -> MediaStorage:
    return MediaStorage(tmp_path)


def test_an_upload_is_counted_and_never_served(storage: MediaStorage) -> None:
    name = new_token()
    assert storage.keep_upload(name, BytesIO(b"raw bytes"), most=9) == 9
    with storage.upload_as_file(name) as path:
        assert path is not None
        assert path.read_bytes() == b"raw bytes"
    assert storage.served_file(name) is None


def test_one_byte_too_many_keeps_nothing(storage: MediaStorage, tmp_path: Path) -> None:
    with pytest.raises(UploadTooLarge):
        storage.keep_upload(new_token(), BytesIO(b"ten bytes!"), most=9)
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_served_file_has_its_exact_type(storage: MediaStorage, suffix: str) -> None:
    name = new_token()
    storage.keep_served(name, suffix, [b"ab", b"cd"])
    served = storage.served_file(f"{name}-{suffix}")
    assert served is not None
    kinds = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg", "png": "image/png", "mp4": "video/mp4"}
    assert (served.byte_count, served.content_type) == (4, kinds[suffix.rpartition(".")[2]])
    assert b"".join(storage.read(served, start=1, length=2)) == b"bc"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "x-1600.webp",
        f"{A_NAME}-999.webp",
        f"{A_NAME}-640.html",
        f"{A_NAME}-640.webp\n",
        f"{A_NAME}/../b-640.webp",
        "%2e%2e-640.webp",
        f"{A_NAME}-video.mp4.svg",
        "\0" * 22 + "-640.webp",
    ],
)
def test_a_name_that_is_none_of_ours_is_nothing(storage: MediaStorage, name: str) -> None:
    assert storage.served_file(name) is None


def test_dropping_takes_everything_of_a_name_and_nothing_else(storage: MediaStorage) -> None:
    name, other = new_token(), new_token()
    for one in (name, other):
        storage.keep_upload(one, BytesIO(b"x"), most=1)
        for suffix in SUFFIXES:
            storage.keep_served(one, suffix, [b"x"])
    storage.drop(name)
    storage.drop(name)
    left = sorted(kept.key for prefix in ("media/", "uploads/") for kept in storage.keeper.keys(prefix))
    assert left == sorted([f"uploads/{other}", *(f"media/{other}-{suffix}" for suffix in SUFFIXES)])
