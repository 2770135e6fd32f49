"""A worker killed at every step, a storage that is down, a disk that is full: texts are saved, pictures heal."""

import os
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.database import drop_inherited_connections, session
from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import Kept, StorageAway
from reviews_app.media.workshop.__main__ import work as work_here
from reviews_app.media.workshop.task import Made, Task
from reviews_app.models.media import MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.review import Review
from reviews_app.services.dispatch.process_media import process_media
from reviews_app.services.tools import Tools
from tests.factories.media import paths
from tests.factories.picture import make_picture
from tests.fakes.visitor import Visitor, typed
from tests.faults.conftest import Tell
from tests.faults.pictured_house import PAGE, House

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def house(app: Flask, tools: Tools) -> House:
    return House(app, tools)


class DyingKeeper(FolderKeeper):
    """A folder whose user is killed at the n-th step it takes."""

    def __init__(self, folder: Path, *, steps: int) -> None:
        super().__init__(folder)
        self.left = steps

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path | None]:
        self.step()
        with super().as_file(key) as path:
            yield path
        self.step()

    def put(self, key: str, chunks: Iterable[bytes], content_type: str) -> None:
        self.step()
        super().put(key, self._halting(chunks), content_type)
        self.step()

    def remove(self, keys: Iterable[str]) -> None:
        self.step()
        super().remove(keys)
        self.step()

    def _halting(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            yield chunk[: len(chunk) // 2]
            self.step()
            yield chunk[len(chunk) // 2 :]


def in_a_worker(house: House, media_id: UUID, *, steps: int) -> int:
    """Work on it in a forked child, as RQ does; gives how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        keeper = DyingKeeper(house.tools.settings.data_dir, steps=steps)

        def work(task: Task) -> Made:
            keeper.step()
            made = work_here(task)
            keeper.step()
            return made

        with house.app.app_context():
            drop_inherited_connections()
            house.tools.storage.keeper = keeper
            process_media(media_id, tools=house.tools, work=work)
        code = 0
    finally:
        os._exit(code)


def test_a_worker_killed_at_any_step_leaves_nothing_half(house: House, settings: Settings, tell: Tell) -> None:
    steps = 0
    while True:
        steps += 1
        media_id = house.leave()
        ended = in_a_worker(house, media_id, steps=steps)
        house.assert_whole_or_not_there(media_id)
        house.assert_heals(media_id)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert steps > 15
    half = [path for path in paths(settings.data_dir) if ".part-" in path]
    assert half
    assert all(path.startswith("media/.part-") for path in half)
    tell(f"killed at each of {steps - 1} steps, whole or not there every time, all healed")


class Away(FolderKeeper):
    """A storage that answers nothing while `is_away`."""

    is_away = True

    def _or_away(self) -> None:
        if self.is_away:
            raise StorageAway("away")

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path | None]:
        self._or_away()
        with super().as_file(key) as path:
            yield path

    def put(self, key: str, chunks: Iterable[bytes], content_type: str) -> None:
        self._or_away()
        super().put(key, chunks, content_type)

    def size(self, key: str) -> int | None:
        self._or_away()
        return super().size(key)

    def keys(self, prefix: str) -> Iterator[Kept]:
        self._or_away()
        return super().keys(prefix)


def test_a_storage_that_is_down_costs_no_word_and_heals(house: House, settings: Settings) -> None:
    media_id = house.leave()
    done = house.leave()
    house.assert_heals(done)
    house.tools.storage.keeper = away = Away(settings.data_dir)
    with house.app.app_context():
        for _ in range(8):
            assert not process_media(media_id, tools=house.tools, work=work_here)
        row = house.row(media_id)
        assert (row.state, row.trouble, row.tries) == (MediaState.UPLOADED, MediaTrouble.STORAGE_AWAY, 0)
        name = house.row(done).name
    assert house.client.get(PAGE).text.count("It carries well.") >= 2
    shown = house.client.get(f"/media/{name}-640.webp")
    assert (shown.status_code, "Retry-After" in shown.headers) == (503, True)
    without_picture_kept(house)
    away.is_away = False
    house.assert_heals(media_id)
    assert house.client.get(f"/media/{name}-640.webp").status_code == 200


def without_picture_kept(house: House) -> None:
    """The form comes back with every word and says which picture was not kept; without it the text is saved at once."""
    good = {"rating": "4", "body": "Every word stays.", "name": "Ann Lee", "email": "ann@example.com"}
    visitor = Visitor(house.app.test_client())
    refused = visitor.send(f"{PAGE}/reviews/new", **good, photos=(BytesIO(make_picture()), "walk.jpg"))
    assert refused.status_code == 422
    kept = typed(refused)
    assert kept["body"] == ["Every word stays."]
    assert visitor.client.post(f"{PAGE}/reviews/new", data=kept).status_code == 303
    with house.app.app_context():
        assert session().query(Review).filter(Review.body == "Every word stays.").count() == 1


@pytest.fixture
def small_disk(settings: Settings) -> Iterator[Path]:
    """A disk of one megabyte where the files lie. Needs root, as the image of the tests has."""
    folder = settings.data_dir / "media"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_no_half_file_and_heals_when_there_is_room(house: House, small_disk: Path) -> None:
    media_id = house.leave()
    filler = small_disk / "filler"
    filler.write_bytes(bytes(1024 * 1024 - 4096))
    with house.app.app_context():
        assert not process_media(media_id, tools=house.tools, work=work_here)
        row = house.row(media_id)
        assert (row.state, row.trouble, row.tries) == (MediaState.UPLOADED, MediaTrouble.STORAGE_AWAY, 0)
    house.assert_whole_or_not_there(media_id)
    assert [path.name for path in small_disk.iterdir() if path.name.startswith(".part")] == []
    filler.unlink()
    house.assert_heals(media_id)
