"""A thousand pictures and two hundred videos sent, while their workers are killed again and again."""

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import av
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from reviews_app.config import Settings
from reviews_app.db.clock import database_now
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.media.folder import PART
from reviews_app.media.keeper import WORK_FOLDER
from reviews_app.media.storage import NAME_LETTERS
from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.review import Review
from reviews_app.services.dispatch.tidy_media import tidy_media
from reviews_app.services.tools import Tools
from tests.factories.media import paths
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.factories.video import make_video
from tests.fakes.program import kill, start
from tests.fakes.queue import running_queue
from tests.fakes.visitor import Page
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
PAGE = "/stores/larkspur/products/ridge-daypack/reviews"
FORMS, PICTURES, VIDEOS = 200, 5, 1
PROGRAMS = (("worker", "media"), ("worker", "video"), ("scheduler",))
# A worker dies in the middle of a file each time so many more are ready.
FILES_BETWEEN_KILLS = {MediaKind.IMAGE: 50, MediaKind.VIDEO: 20}
FIRST_KILL = 5
KINDS = (MediaKind.IMAGE, MediaKind.VIDEO)
READY = MediaState.READY


@pytest.fixture
def town(settings: Settings) -> Iterator[tuple[Flask, Settings]]:
    """A store, and a queue that rings."""
    with running_queue() as queue:
        own = settings.model_copy(update={"redis_url": queue.url})
        app = create_app(own)
        with app.app_context(), transaction() as writing:
            make_product(writing, make_store(writing))
        yield app, own
        dispose_database(app)


def send_all(app: Flask, film: bytes) -> Iterator[None]:
    """Form after form, each from another place: five pictures and a video, then the review; says each form sent."""
    for number in range(FORMS):
        client, place = app.test_client(), {"REMOTE_ADDR": f"10.1.{number // 200}.{number % 200}"}
        values = Page(client.get(f"{PAGE}/new", environ_overrides=place).text).values
        ids = {name: values[name] for name in ("csrf_token", "form_id")}
        files = [("a.jpg", make_picture(size=(60 + number % 90, 48))) for _ in range(PICTURES)]
        for name, raw in [*files, *[("a.mp4", film)] * VIDEOS]:
            answer = client.post(
                f"{PAGE}/pictures", data=ids | {"photo": (BytesIO(raw), name)}, environ_overrides=place
            )
            assert answer.status_code == 200, answer.text
        typed = {
            "rating": "4",
            "body": f"It carries {number} things.",
            "name": "Ann",
            "email": f"a{number}@example.com",
        }
        answer = client.post(f"{PAGE}/new", data=values | typed, environ_overrides=place)
        assert answer.status_code == 303, answer.text
        yield


class Workers:
    """What works on files, and dies of it."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.running = [start(settings, "flask", *one) for one in PROGRAMS]
        self.kills = 0
        self.next_kill = dict.fromkeys(KINDS, FIRST_KILL)

    def kill_when_due(self) -> None:
        """One of each kind, whenever so many more of its files are ready."""
        ready = states(self.app)
        for kind in KINDS:
            count = ready[kind, READY]
            if count >= self.next_kill[kind] and self.kill_at_work(kind):
                self.next_kill[kind] = count + FILES_BETWEEN_KILLS[kind]

    def kill_at_work(self, kind: MediaKind) -> bool:
        """Kill one that has a file in hand, with all it forked; gives whether one had.

        What it held is free at once, as it would be when its lease ends.
        """
        held = select(Media).where(Media.kind == kind, Media.lease_until.is_not(None))
        with self.app.app_context():
            if session().scalar(held.limit(1)) is None:
                return False
        place = KINDS.index(kind)
        kill(self.running[place])
        self.kills += 1
        with self.app.app_context(), transaction() as writing:
            for row in writing.scalars(held).all():
                row.lease_until = database_now(writing) - timedelta(seconds=1)
        self.running[place] = start(self.settings, "flask", *PROGRAMS[place])
        return True


@contextmanager
def working(app: Flask, settings: Settings) -> Iterator[Workers]:
    workers = Workers(app, settings)
    try:
        yield workers
    finally:
        for process in workers.running:
            with_all(process)


def with_all(process: "subprocess.Popen[bytes]") -> None:
    """Ended however it stands."""
    if process.poll() is None:
        kill(process)


def states(app: Flask) -> Counter[tuple[MediaKind, MediaState]]:
    with app.app_context():
        grouped = select(Media.kind, Media.state, func.count()).group_by(Media.kind, Media.state)
        return Counter({(kind, state): count for kind, state, count in session().execute(grouped)})


def files_of(app: Flask, folder: Path) -> None:
    """Every address answers with a whole file."""
    client, addresses = app.test_client(), app.extensions["tools"].addresses
    with app.app_context():
        rows = session().scalars(select(Media)).all()
        keys = {row.name: (row.is_video, urlsplit(addresses.keyed_picture(row, 640)).query) for row in rows}
    for name, (is_video, key) in keys.items():
        for suffix in ["1600.webp", "640.webp", "160.webp", *(["video.mp4"] if is_video else [])]:
            answer = client.get(f"/media/{name}-{suffix}?{key}")
            assert answer.status_code == 200, (name, suffix)
            look_at(answer.data, suffix)
    kept = {path.removeprefix("media/")[:NAME_LETTERS] for path in paths(folder)}
    assert kept == set(keys)


def look_at(raw: bytes, suffix: str) -> None:
    if suffix.endswith("webp"):
        Image.open(BytesIO(raw)).load()
        return
    with av.open(BytesIO(raw), "r") as film:
        assert len(list(film.decode(video=0))) > 5


def left_over(folder: Path) -> list[str]:
    """What only a dead process had use for."""
    half = chain((folder / WORK_FOLDER).glob("*"), folder.glob(f"*/{PART}*"), (folder / "uploads").glob("*"))
    return [str(path.relative_to(folder)) for path in half]


def test_of_all_that_was_sent_nothing_is_lost_and_no_file_is_left_over(
    town: tuple[Flask, Settings], tmp_path: Path, tell: Tell
) -> None:
    app, settings = town
    film = make_video(tmp_path, seconds=0.4, size=(160, 120))
    wanted = Counter({(MediaKind.IMAGE, READY): FORMS * PICTURES, (MediaKind.VIDEO, READY): FORMS * VIDEOS})
    with working(app, settings) as workers:
        for _ in send_all(app, film):
            workers.kill_when_due()
        until = time.monotonic() + 3000
        while (seen := states(app)) != wanted:
            assert time.monotonic() < until, seen
            assert not [state for _, state in seen if state is MediaState.FAILED], seen
            workers.kill_when_due()
            time.sleep(0.1)
    with app.app_context():
        assert session().scalar(select(func.count()).select_from(Review)) == FORMS
        begun_again = session().scalar(select(func.count()).where(Media.tries > 1))
        before = len(left_over(settings.data_dir))
        tools: Tools = app.extensions["tools"]
        tidy_media(tools=replace(tools, clock=lambda: tools.clock() + timedelta(hours=13)))
    assert left_over(settings.data_dir) == []
    files_of(app, settings.data_dir)
    tell(
        f"{FORMS * PICTURES} pictures and {FORMS * VIDEOS} videos, {workers.kills} workers killed",
        files_begun_again=begun_again,
        left_by_the_dead_and_tidied=before,
        lost=0,
    )
