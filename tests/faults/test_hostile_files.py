"""Everything hostile through the real door, the real job and the real address, and thousands of mutants behind it.

The child processes are forked from one that has the libraries loaded, with the limits of the real ones.
"""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.media.signature import media_kind
from reviews_app.media.storage import SUFFIXES
from reviews_app.models.media import Media, MediaState
from reviews_app.services.dispatch.process_media import process_media
from reviews_app.services.tools import Tools
from tests.factories import hostile_pictures
from tests.factories.heic import make_heic
from tests.factories.hostile import MARK, Fate, Hostile, hostile_files
from tests.factories.mutated import mutated
from tests.factories.picture import make_picture, make_telling_picture
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.factories.video import make_video
from tests.fakes.visitor import Page
from tests.fakes.workshop import Workshop, running_workshop
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
PAGE = "/stores/larkspur/products/ridge-daypack/reviews"
MOST_SECONDS, MOST_MIB = 2.0, 300
SHOWN_TYPES = {"webp": ("image/webp", b"RIFF"), "mp4": ("video/mp4", b"ftyp")}


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    with running_workshop() as running:
        yield running


class Door:
    """A stranger who sends file after file, each from another place and with another form."""

    def __init__(self, app: Flask, workshop: Workshop) -> None:
        self.app = app
        self.tools: Tools = app.extensions["tools"]
        self.workshop = workshop
        self.client: FlaskClient = app.test_client()
        self.statuses: Counter[int] = Counter()
        self.fates: Counter[str] = Counter()
        with app.app_context(), transaction() as writing:
            make_product(writing, make_store(writing))

    def send(self, hostile: Hostile) -> None:
        """From the form to what is shown; every promise is looked at on the way."""
        values = Page(self.client.get(f"{PAGE}/new").text).values
        place = sum(self.statuses.values())
        answer = self.client.post(
            f"{PAGE}/pictures",
            data={name: values[name] for name in ("csrf_token", "form_id")}
            | {"photo": (BytesIO(hostile.raw), hostile.file_name)},
            environ_overrides={"REMOTE_ADDR": f"10.0.{place // 200}.{place % 200}"},
        )
        self.statuses[answer.status_code] += 1
        assert answer.status_code in {200, 422}, hostile.what
        assert "X-Evil" not in answer.headers
        with self.app.app_context():
            fate = self._worked_on(hostile)
        self.fates[fate] += 1
        assert hostile.fate in {Fate.EITHER, fate}, (hostile.what, fate)
        if answer.status_code == 422:
            assert answer.json
            assert answer.json["error"]

    def _worked_on(self, hostile: Hostile) -> Fate:
        row = session().scalar(select(Media).order_by(Media.created_at.desc(), Media.id.desc()).limit(1))
        if row is None:
            return Fate.NOT_TAKEN
        process_media(row.id, tools=self.tools, work=self.workshop.work)
        session().rollback()
        done = self.workshop.done[-1]
        assert done.processor_seconds <= MOST_SECONDS, hostile.what
        assert done.memory_mib <= MOST_MIB, hostile.what
        row = session().get_one(Media, row.id)
        is_ready = row.state is MediaState.READY
        assert is_ready or row.state is MediaState.FAILED, hostile.what
        self._look_at(row, hostile)
        with transaction() as writing:
            writing.delete(writing.get_one(Media, row.id))
        return Fate.SHOWN if is_ready else Fate.FAILS

    def _look_at(self, row: Media, hostile: Hostile) -> None:
        """Nothing is served that a browser would run, and nothing of what the file was."""
        key = urlsplit(self.tools.addresses.keyed_picture(row, 640)).query
        shown = 0
        for suffix in SUFFIXES:
            answer = self.client.get(f"/media/{row.name}-{suffix}?{key}")
            assert answer.status_code in {200, 404}, hostile.what
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            if answer.status_code == 404:
                assert answer.content_type.startswith("text/plain")
                continue
            shown += 1
            kind, first = SHOWN_TYPES[suffix.rpartition(".")[2]]
            assert answer.content_type == kind
            assert first in answer.data[:12]
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert MARK not in answer.data, hostile.what
        assert (shown > 0) == (row.state is MediaState.READY), hostile.what


def test_every_hostile_file_costs_only_its_sender(app: Flask, workshop: Workshop, tmp_path: Path, tell: Tell) -> None:
    door = Door(app, workshop)
    for hostile in hostile_files(tmp_path):
        door.send(hostile)
    count = sum(door.statuses.values())
    assert count >= 150
    tell(f"{count} files", answers=dict(door.statuses), fates=dict(door.fates), children=used(workshop))


def test_a_thousand_mutated_pictures(app: Flask, workshop: Workshop, tell: Tell) -> None:
    door = Door(app, workshop)
    whole = [make_picture(kind, (400, 300)) for kind in hostile_pictures.KINDS]
    whole += [make_heic((400, 300)), make_telling_picture((400, 300))]
    for place, raw in enumerate(mutated(whole, count=1000, seed=11)):
        door.send(Hostile(f"mutant {place}", "mutant.jpg", raw))
    assert door.fates[Fate.SHOWN] > 50
    assert door.fates[Fate.FAILS] > 50
    tell("1,000 pictures", answers=dict(door.statuses), fates=dict(door.fates), children=used(workshop))


def test_two_hundred_mutated_videos(app: Flask, workshop: Workshop, tmp_path: Path, tell: Tell) -> None:
    door = Door(app, workshop)
    whole = [
        make_video(tmp_path, seconds=0.4),
        make_video(tmp_path, seconds=0.4, container="mov"),
        make_video(tmp_path, seconds=0.4, codec="libvpx", container="webm", sound="libopus"),
        make_video(tmp_path, seconds=0.4, codec="libx265", options=(("x265-params", "log-level=0"),)),
    ]
    for place, raw in enumerate(mutated(whole, count=200, seed=12)):
        assert media_kind(raw[:16]) is not None
        door.send(Hostile(f"mutant {place}", "mutant.mp4", raw))
    tell("200 videos", answers=dict(door.statuses), fates=dict(door.fates), children=used(workshop))


def used(workshop: Workshop) -> str:
    """The most any child used, and how many ended by a signal: each of those was one file."""
    ended = sum(done.code < 0 for done in workshop.done)
    most = max(done.memory_mib for done in workshop.done)
    return f"most {max(done.processor_seconds for done in workshop.done):.2f} s, {most} MB, {ended} children ended"
