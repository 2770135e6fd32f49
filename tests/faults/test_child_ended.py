"""A real child that finds no room where it works, or that is ended from outside: the original stays, pictures heal."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from reviews_app.config import Settings
from reviews_app.db.clock import database_now
from reviews_app.db.database import session
from reviews_app.media.work_in_child import work_in_child
from reviews_app.models.media import MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.services.dispatch.claim_media import MOST_TRIES, WAITS
from reviews_app.services.dispatch.process_media import process_media
from tests.factories.media import lying
from tests.factories.video import make_video
from tests.fakes.measured_child import number_of_child
from tests.fakes.program import eventually
from tests.faults.conftest import Tell
from tests.faults.pictured_house import House

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
PAGE_OF_MEMORY = 4096


@pytest.fixture
def settings(settings: Settings, media_storage: str) -> Settings:
    return settings.model_copy(update={"media_storage": media_storage})


@pytest.fixture
def house(app: Flask) -> House:
    return House(app, app.extensions["tools"])


def noisy_picture() -> bytes:
    """One whose three sizes take some hundred kilobytes."""
    out = BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


@contextmanager
def full_work_folder(house: House, source: bytes, *, room: int) -> Iterator[None]:
    """A disk of its own where children work, with so many bytes of room. Needs root, as the image of the tests has.

    What lies in a bucket is fetched there first.
    """
    folder = house.tools.settings.data_dir / "work"
    folder.mkdir(exist_ok=True)
    fetched = len(source) + PAGE_OF_MEMORY if house.tools.settings.media_storage else 0
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={fetched + room}", "tmpfs", str(folder)], check=True)
    try:
        yield
        assert list(folder.iterdir()) == []
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def assert_waits(house: House, media_id: UUID) -> None:
    """The try costs nothing, the original lies there, the page says that it is in work."""
    with house.app.app_context():
        assert not process_media(media_id, tools=house.tools)
        row = house.row(media_id)
        assert (row.state, row.trouble, row.tries) == (MediaState.UPLOADED, MediaTrouble.STORAGE_AWAY, 0)
        assert list(lying(house.tools.storage.keeper)) == [f"uploads/{row.name}"]
    house.assert_whole_or_not_there(media_id)


def test_a_full_work_folder_costs_no_picture(house: House) -> None:
    raw = noisy_picture()
    media_id = house.leave(raw)
    with full_work_folder(house, raw, room=64 * 1024):
        for _ in range(MOST_TRIES + 1):
            assert_waits(house, media_id)
    house.assert_heals(media_id, work_in_child)


@pytest.mark.parametrize("codec", ["libx264", "libvpx"])
def test_a_full_work_folder_costs_no_video(house: House, tmp_path: Path, codec: str) -> None:
    container, sound = ("mp4", "aac") if codec == "libx264" else ("webm", "libopus")
    raw = make_video(tmp_path, codec=codec, container=container, sound=sound, size=(1280, 720), seconds=3)
    media_id = house.leave(raw, filename=f"walk.{container}")
    with full_work_folder(house, raw, room=4 * PAGE_OF_MEMORY):
        assert_waits(house, media_id)
    house.assert_heals(media_id, work_in_child)


def test_a_broken_file_is_found_broken_only_where_there_is_room(house: House) -> None:
    raw = noisy_picture()[:5000]
    media_id = house.leave(raw)
    with full_work_folder(house, raw, room=4 * PAGE_OF_MEMORY):
        assert_waits(house, media_id)
    with house.app.app_context():
        assert not process_media(media_id, tools=house.tools)
        row = house.row(media_id)
        assert (row.state, row.trouble) == (MediaState.FAILED, MediaTrouble.BROKEN)


def end_child(house: House, media_id: UUID, sent: signal.Signals) -> None:
    """Work on it, and end the child as soon as there is one."""
    words = str(house.tools.settings.data_dir)

    def send() -> None:
        eventually(lambda: number_of_child(words), within=60)
        os.kill(number_of_child(words) or 0, sent)

    sender = Thread(target=send)
    sender.start()
    with house.app.app_context():
        assert not process_media(media_id, tools=house.tools)
    sender.join()


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_is_killed_costs_a_try_and_no_picture(house: House, sent: signal.Signals) -> None:
    media_id = house.leave(noisy_picture())
    end_child(house, media_id, sent)
    house.assert_whole_or_not_there(media_id)
    with house.app.app_context():
        row = house.row(media_id)
        assert (row.state, row.trouble, row.tries) == (MediaState.UPLOADED, None, 1)
        assert f"uploads/{row.name}" in lying(house.tools.storage.keeper)
    house.assert_heals(media_id, work_in_child)


def test_a_file_whose_child_is_killed_each_time_waits_longer_and_is_given_up(house: House, tell: Tell) -> None:
    media_id = house.leave(noisy_picture())
    for wait in (*WAITS, WAITS[-1]):
        end_child(house, media_id, signal.SIGKILL)
        with house.app.app_context():
            left = house.row(media_id).lease_until
            assert left
            assert timedelta(seconds=wait - 60) < left - database_now(session()) <= timedelta(seconds=wait)
            assert not process_media(media_id, tools=house.tools)
            assert house.row(media_id).state is MediaState.UPLOADED
            house.lease_ends(media_id)
    with house.app.app_context():
        assert not process_media(media_id, tools=house.tools)
        row = house.row(media_id)
        assert (row.state, row.trouble) == (MediaState.FAILED, MediaTrouble.TOO_HEAVY)
        answer = house.client.get(f"/media/{row.name}-640.webp")
    assert (answer.status_code, "Retry-After" in answer.headers) == (404, False)
    tell(f"child killed {MOST_TRIES} times, given up after that", waits=str(WAITS))
