from pathlib import Path

import pytest
from pydantic import ValidationError

from reviews_app.config import AppMode, Settings
from reviews_app.media.choose_keeper import choose_keeper
from reviews_app.media.folder import FolderKeeper
from reviews_app.media.s3_place import S3Place, read_s3_place


def test_without_a_bucket_it_is_the_folder(tmp_path: Path) -> None:
    assert isinstance(choose_keeper("", folder=tmp_path), FolderKeeper)


def test_one_address_says_everything_of_a_bucket() -> None:
    said = "s3://AK%2FID:se%40cret@pictures/of/shop?endpoint=http://127.0.0.1:9000&region=eu-west-1&direct=on"
    assert read_s3_place(said) == S3Place(
        "pictures", "of/shop/", "http://127.0.0.1:9000", "eu-west-1", "AK/ID", "se@cret", is_direct=True
    )
    assert read_s3_place("s3://pictures") == S3Place("pictures", "", None, None, None, None, is_direct=False)


@pytest.mark.parametrize("address", ["bucket", "http://bucket", "s3://", "s3://key:secret@", "/var/media"])
def test_what_names_no_bucket_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValidationError, match="MEDIA_STORAGE must be like s3://bucket"):
        Settings(app_mode=AppMode.TEST, media_storage=address)


@pytest.mark.parametrize("address", ["clamd", "tcp://", "tcp://127.0.0.1", "unix://", "http://127.0.0.1:3310"])
def test_what_names_no_socket_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValidationError, match="MEDIA_SCANNER must be like unix:///"):
        Settings(app_mode=AppMode.TEST, media_scanner=address)


def test_two_folders_of_one_bucket_do_not_see_each_other(bucket: str, tmp_path: Path) -> None:
    there, query = bucket.split("?")
    mine, theirs = (choose_keeper(f"{there}/{name}?{query}", folder=tmp_path) for name in ("mine", "theirs"))
    mine.put("media/one", [b"x"], "image/webp")
    assert theirs.size("media/one") is None
    assert [kept.key for kept in mine.keys("media/")] == ["media/one"]
    assert list(theirs.keys("media/")) == []
