"""`flask move-media`, both ways."""

from dataclasses import replace

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.media.choose_keeper import choose_keeper
from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import Keeper
from tests.factories.media import fill_keeper as fill
from tests.factories.media import lying


@pytest.fixture
def settings(settings: Settings, bucket: str) -> Settings:
    return settings.model_copy(update={"media_storage": bucket})


@pytest.fixture
def folder(settings: Settings) -> FolderKeeper:
    return FolderKeeper(settings.data_dir)


@pytest.fixture
def there(settings: Settings) -> Keeper:
    return choose_keeper(settings.media_storage, folder=settings.data_dir)


def run(app: Flask, *arguments: str) -> str:
    done = app.test_cli_runner().invoke(args=["move-media", *arguments])
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_everything_moves_to_the_bucket_and_back(app: Flask, folder: FolderKeeper, there: Keeper) -> None:
    before = fill(folder)
    assert "copied 7, there already 0" in run(app, "--to", "s3")
    assert lying(there) == lying(folder) == before
    said = run(app, "--to", "s3", "--clear")
    assert "copied 0, there already 7" in said
    assert "removed at the old place 7" in said
    assert lying(folder) == {}
    run(app, "--to", "folder", "--clear")
    assert (lying(folder), lying(there)) == (before, {})
    with folder.as_file(f"media/{3:022}-640.webp") as path:
        assert path is not None
        assert path.read_bytes() == b"\3" * 1000


def test_half_a_file_at_the_new_place_is_copied_anew(app: Flask, folder: FolderKeeper, there: Keeper) -> None:
    before = fill(folder, count=1)
    there.put(next(iter(before)), [b"half"], "image/webp")
    run(app, "--to", "s3")
    assert lying(there) == before


def test_without_a_bucket_it_says_what_is_missing(app: Flask, settings: Settings) -> None:
    tools = app.extensions["tools"]
    app.extensions["tools"] = replace(tools, settings=settings.model_copy(update={"media_storage": ""}))
    done = app.test_cli_runner().invoke(args=["move-media", "--to", "s3"])
    assert done.exit_code == 1
    assert "MEDIA_STORAGE is not set" in done.output


def test_a_bucket_that_is_away_is_told(app: Flask, settings: Settings) -> None:
    tools = app.extensions["tools"]
    away = settings.model_copy(update={"media_storage": "s3://a:b@none?endpoint=http://127.0.0.1:9"})
    app.extensions["tools"] = replace(tools, settings=away)
    FolderKeeper(settings.data_dir).put("media/one", [b"x"], "image/webp")
    done = app.test_cli_runner().invoke(args=["move-media", "--to", "s3"])
    assert done.exit_code == 1
    assert "Run the command again" in done.output
