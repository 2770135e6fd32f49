"""Files without a row go; files with one stay."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.database import transaction
from reviews_app.lib.tokens import new_token
from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import StorageAway
from reviews_app.models.media import Media, MediaState
from reviews_app.models.product import ProductPicture
from reviews_app.models.store import Store
from reviews_app.services.dispatch.tidy_media import OLD, tidy_media
from reviews_app.services.tools import Tools
from tests.factories.media import make_media, paths
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def tools(app: Flask, clock: FakeClock) -> Iterator[Tools]:
    """The files are written by the real clock."""
    clock.now = datetime.now(UTC)
    with app.app_context():
        with transaction() as writing:
            make_store(writing)
        yield app.extensions["tools"]


def put(tools: Tools, key: str) -> str:
    tools.storage.keeper.put(key, [b"x"], "image/webp")
    return key


def row(tools: Tools, *, state: MediaState, has_original: bool) -> str:
    with transaction() as writing:
        made: Media = make_media(writing, writing.query(Store).one(), state=state)
        made.has_original = has_original
        return made.name


def later(clock: FakeClock) -> None:
    clock.now = datetime.now(UTC) + OLD + timedelta(minutes=1)


def test_a_file_without_a_row_goes_after_half_a_day(tools: Tools, clock: FakeClock, settings: Settings) -> None:
    for folder in ("media", "uploads", "incoming", "quarantine"):
        put(tools, f"{folder}/{new_token()}" + ("-640.webp" if folder == "media" else ""))
    assert tidy_media(tools=tools) == 0
    later(clock)
    assert tidy_media(tools=tools) == 4
    assert paths(settings.data_dir) == []


def test_every_file_a_row_needs_stays(tools: Tools, clock: FakeClock) -> None:
    waiting = row(tools, state=MediaState.UPLOADED, has_original=True)
    kept = row(tools, state=MediaState.READY, has_original=True)
    infected = row(tools, state=MediaState.FAILED, has_original=False)
    product = new_token()
    with transaction() as writing:
        store = writing.query(Store).one()
        made = make_product(writing, store)
        made.pictures.append(ProductPicture(store_id=store.id, product_id=made.id, name=product, width=1, height=1))
    needed = [f"uploads/{waiting}", f"uploads/{kept}", f"media/{kept}-640.webp", f"media/{product}-160.webp"]
    needed.append(f"quarantine/{infected}")
    for key in needed:
        put(tools, key)
    later(clock)
    assert tidy_media(tools=tools) == 0
    assert all(tools.storage.keeper.size(key) for key in needed)


def test_an_original_nobody_keeps_and_what_was_sent_past_us_goes(tools: Tools, clock: FakeClock) -> None:
    done = row(tools, state=MediaState.READY, has_original=False)
    put(tools, f"uploads/{done}")
    put(tools, f"incoming/{done}")
    later(clock)
    assert tidy_media(tools=tools) == 2


def test_half_written_files_go(tools: Tools, clock: FakeClock, settings: Settings) -> None:
    put(tools, f"uploads/{row(tools, state=MediaState.UPLOADED, has_original=True)}")
    half = settings.data_dir / "uploads" / ".part-dead"
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    assert tidy_media(tools=tools) == 1
    assert not half.exists()


def test_what_a_killed_worker_left_at_its_place_goes(tools: Tools, clock: FakeClock, settings: Settings) -> None:
    old, fresh = (settings.data_dir / "work" / name for name in ("old", "fresh"))
    for place in (old, fresh):
        place.mkdir(parents=True)
        (place / "640.webp").write_bytes(b"RIFF")
    fetched = settings.data_dir / "work" / "fetched"
    fetched.write_bytes(b"from a bucket")
    for left in (old, fetched):
        os.utime(left, (0, 0))
    assert tidy_media(tools=tools) == 2
    assert (old.exists(), fetched.exists(), fresh.exists()) == (False, False, True)


class Away(FolderKeeper):
    """A folder that cannot be listed."""

    def keys(self, prefix: str) -> Iterator[object]:  # type: ignore[override]
        raise StorageAway("away")
        yield


def test_a_storage_that_is_away_is_tidied_another_time(tools: Tools, tmp_path: Path) -> None:
    tools.storage.keeper = Away(tmp_path)  # type: ignore[assignment]
    assert tidy_media(tools=tools) == 0
