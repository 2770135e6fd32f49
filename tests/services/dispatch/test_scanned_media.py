"""Nothing is worked on before the scanner has said its word, when there is one."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.database import session, transaction
from reviews_app.media.workshop.__main__ import work as work_here
from reviews_app.media.workshop.task import Made, Task
from reviews_app.models.media import Media, MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.services.dispatch.process_media import process_media
from reviews_app.services.dispatch.remove_media import remove_media
from reviews_app.services.stage_picture import stage_picture
from reviews_app.services.sweep_media import RING_AGAIN, sweep_media
from reviews_app.services.tools import Tools
from tests.factories.media import paths
from tests.factories.picture import make_picture
from tests.factories.store import make_store
from tests.fakes.clamd import EICAR, Clamd, running_clamd
from tests.fakes.clock import FakeClock


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    with running_clamd() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, clamd: Clamd) -> Settings:
    return settings.model_copy(update={"media_scanner": clamd.address})


@pytest.fixture
def tools(app: Flask) -> Iterator[Tools]:
    with app.app_context():
        yield app.extensions["tools"]


def upload(tools: Tools, raw: bytes) -> UUID:
    with transaction() as writing:
        store = make_store(writing)
        sent = {"form_id": "form", "stream": BytesIO(raw), "filename": "a.jpg"}
        return stage_picture(writing, store, **sent, storage=tools.storage, clock=tools.clock).id  # type: ignore[arg-type]


def standing(media_id: UUID) -> tuple[MediaState, MediaTrouble | None, int]:
    session().rollback()
    row = session().get_one(Media, media_id)
    return row.state, row.trouble, row.tries


def never(_task: Task) -> Made:
    raise AssertionError("it was worked on")


def test_a_clean_picture_is_worked_on(tools: Tools, clamd: Clamd) -> None:
    raw = make_picture()
    media_id = upload(tools, raw)
    assert process_media(media_id, tools=tools, work=work_here)
    assert clamd.seen == [raw]


def test_an_infected_file_is_set_apart_and_never_decoded(tools: Tools, settings: Settings) -> None:
    media_id = upload(tools, make_picture() + EICAR)
    assert not process_media(media_id, tools=tools, work=never)
    assert standing(media_id)[:2] == (MediaState.FAILED, MediaTrouble.INFECTED)
    name = session().get_one(Media, media_id).name
    assert paths(settings.data_dir) == [f"quarantine/{name}"]
    assert tools.storage.served_file(f"{name}-640.webp") is None


def test_what_was_set_apart_goes_with_its_row(tools: Tools, settings: Settings, clock: FakeClock) -> None:
    media_id = upload(tools, make_picture() + EICAR)
    process_media(media_id, tools=tools, work=never)
    clock.advance(hours=24)
    assert remove_media(media_id, tools=tools)
    assert paths(settings.data_dir) == []


@pytest.mark.parametrize("said", [b"", b"ERROR", b"INSTREAM size limit exceeded. ERROR"])
def test_while_the_scanner_is_unwell_the_file_waits_and_says_why(tools: Tools, clamd: Clamd, said: bytes) -> None:
    media_id = upload(tools, make_picture())
    clamd.says = said
    for _ in range(7):
        assert not process_media(media_id, tools=tools, work=never)
    assert standing(media_id) == (MediaState.UPLOADED, MediaTrouble.SCANNER_AWAY, 0)


def test_it_is_rung_for_again_and_made_once_the_scanner_is_back(
    tools: Tools, clamd: Clamd, clock: FakeClock, ring_log: Callable[[], int]
) -> None:
    media_id = upload(tools, make_picture())
    clamd.says = b"ERROR"
    process_media(media_id, tools=tools, work=never)
    clock.advance(seconds=(RING_AGAIN + timedelta(seconds=1)).total_seconds())
    assert ring_log() == 1
    clamd.says = None
    assert process_media(media_id, tools=tools, work=work_here)
    assert standing(media_id)[:2] == (MediaState.READY, None)


@pytest.fixture
def ring_log(tools: Tools) -> Callable[[], int]:
    """Sweeps, and gives for how many files was rung."""

    def sweep() -> int:
        with transaction() as writing:
            return sweep_media(writing, now=tools.clock())

    return sweep
