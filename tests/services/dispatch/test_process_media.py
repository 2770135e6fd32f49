from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.clock import database_now
from reviews_app.db.database import session, transaction
from reviews_app.media.keeper import StorageAway
from reviews_app.media.refused import Refused, Unfinished
from reviews_app.media.workshop.__main__ import work as work_here
from reviews_app.media.workshop.task import Made, Task
from reviews_app.models.media import Media, MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.store import Store
from reviews_app.services.dispatch.process_media import process_media
from reviews_app.services.stage_picture import stage_picture
from reviews_app.services.sweep_media import RING_AGAIN, sweep_media
from reviews_app.services.tools import Tools
from tests.factories.picture import make_picture
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock

FORM_ID = "form-1"


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def upload(app: Flask, tools: Tools) -> Callable[..., UUID]:
    """Stage a file in a store of its own making; gives the row's id."""

    def stage(raw: bytes | None = None) -> UUID:
        with app.app_context(), transaction() as writing:
            store = writing.query(Store).first() or make_store(writing)
            stream = BytesIO(make_picture(size=(300, 200)) if raw is None else raw)
            return stage_picture(
                writing,
                store,
                form_id=FORM_ID,
                stream=stream,
                filename="walk.jpg",
                storage=tools.storage,
                clock=tools.clock,
            ).id

    return stage


def row_of(media_id: UUID) -> Media:
    session().rollback()
    return session().get_one(Media, media_id)


def files(settings: Settings) -> list[str]:
    folders = (settings.data_dir / "media", settings.data_dir / "uploads", settings.data_dir / "work")
    return sorted(path.name for folder in folders if folder.exists() for path in folder.iterdir())


def served(row: Media) -> list[str]:
    return [f"{row.name}-{size}.webp" for size in (160, 1600, 640)]


def test_an_upload_becomes_what_is_served_and_the_original_goes(
    app: Flask, upload: Callable[..., UUID], tools: Tools, settings: Settings
) -> None:
    media_id = upload()
    with app.app_context():
        assert process_media(media_id, tools=tools)
        row = row_of(media_id)
        assert (row.state, row.width, row.height, row.has_original) == (MediaState.READY, 300, 200, False)
        assert row.stored_bytes > 100
        assert files(settings) == served(row)
        assert [(one.size, one.width, one.height) for one in row.renditions] == [
            (1600, 300, 200),
            (640, 300, 200),
            (160, 160, 107),
        ]


def test_a_store_that_keeps_originals_keeps_them(
    app: Flask, upload: Callable[..., UUID], tools: Tools, settings: Settings
) -> None:
    media_id = upload()
    with app.app_context():
        with transaction() as writing:
            writing.query(Store).one().keeps_originals = True
        process_media(media_id, tools=tools, work=work_here)
        row = row_of(media_id)
        assert row.has_original
        assert row.name in files(settings)


def test_a_broken_file_fails_for_good_with_a_word_and_leaves_nothing(
    app: Flask, upload: Callable[..., UUID], tools: Tools, settings: Settings
) -> None:
    media_id = upload(make_picture(size=(300, 200))[:400])
    with app.app_context():
        assert not process_media(media_id, tools=tools)
        row = row_of(media_id)
        assert (row.state, row.trouble) == (MediaState.FAILED, MediaTrouble.BROKEN)
        assert not process_media(media_id, tools=tools)
    assert files(settings) == []


def test_working_twice_changes_nothing(app: Flask, upload: Callable[..., UUID], tools: Tools) -> None:
    media_id = upload()
    with app.app_context():
        assert process_media(media_id, tools=tools, work=work_here)
        assert not process_media(media_id, tools=tools, work=work_here)
        assert row_of(media_id).state is MediaState.READY


def test_two_workers_never_work_on_one_file(app: Flask, upload: Callable[..., UUID], tools: Tools) -> None:
    media_id = upload()
    inner: list[bool] = []

    def rung_again(task: Task) -> Made:
        inner.append(process_media(media_id, tools=tools, work=work_here))
        return work_here(task)

    with app.app_context():
        assert process_media(media_id, tools=tools, work=rung_again)
        assert inner == [False]
        assert row_of(media_id).tries == 1


def test_a_file_whose_worker_died_is_taken_again_after_its_lease(
    app: Flask, upload: Callable[..., UUID], tools: Tools
) -> None:
    media_id = upload()

    def killed(task: Task) -> Made:
        raise KeyboardInterrupt

    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            process_media(media_id, tools=tools, work=killed)
        assert not process_media(media_id, tools=tools, work=work_here)
        with transaction() as writing:
            writing.get_one(Media, media_id).lease_until = database_now(writing) - timedelta(seconds=1)
        assert process_media(media_id, tools=tools, work=work_here)


def test_a_file_that_ends_its_worker_again_and_again_is_given_up(
    app: Flask, upload: Callable[..., UUID], tools: Tools
) -> None:
    media_id = upload()
    with app.app_context():
        with transaction() as writing:
            writing.get_one(Media, media_id).tries = 5
        assert not process_media(media_id, tools=tools, work=work_here)
        row = row_of(media_id)
        assert (row.state, row.trouble) == (MediaState.FAILED, MediaTrouble.TOO_HEAVY)


def test_a_child_that_was_ended_costs_its_file_a_try_and_a_while(
    app: Flask, upload: Callable[..., UUID], tools: Tools, clock: FakeClock
) -> None:
    media_id = upload()

    def ended(task: Task) -> Made:
        raise Unfinished("its child ended with -9")

    with app.app_context():
        assert not process_media(media_id, tools=tools, work=ended)
        row = row_of(media_id)
        assert (row.state, row.trouble, row.tries) == (MediaState.UPLOADED, None, 1)
        assert not process_media(media_id, tools=tools, work=work_here)
        clock.advance(seconds=RING_AGAIN.total_seconds() + 1)
        with transaction() as writing:
            assert sweep_media(writing, now=clock()) == 0
            writing.get_one(Media, media_id).lease_until = database_now(writing) - timedelta(seconds=1)
        with transaction() as writing:
            assert sweep_media(writing, now=clock()) == 1
        assert process_media(media_id, tools=tools, work=work_here)


@pytest.mark.parametrize("trouble", [StorageAway("full"), OSError(28, "No space left on device")])
def test_a_storage_that_is_away_costs_the_file_nothing(
    app: Flask, upload: Callable[..., UUID], tools: Tools, trouble: Exception
) -> None:
    media_id = upload()

    def away(task: Task) -> Made:
        raise trouble

    with app.app_context():
        for _ in range(9):
            assert not process_media(media_id, tools=tools, work=away)
        row = row_of(media_id)
        assert (row.state, row.trouble, row.tries) == (MediaState.UPLOADED, MediaTrouble.STORAGE_AWAY, 0)
        assert process_media(media_id, tools=tools, work=work_here)
        assert row_of(media_id).trouble is None


def test_a_picture_taken_back_while_it_is_worked_on_leaves_no_file(
    app: Flask, upload: Callable[..., UUID], tools: Tools, settings: Settings
) -> None:
    media_id = upload()

    def taken_back(task: Task) -> Made:
        with transaction() as writing:
            writing.delete(writing.get_one(Media, media_id))
        return work_here(task)

    with app.app_context():
        assert not process_media(media_id, tools=tools, work=taken_back)
    assert files(settings) == []


def test_an_upload_that_vanished_fails(app: Flask, upload: Callable[..., UUID], tools: Tools) -> None:
    media_id = upload()
    with app.app_context():
        tools.storage.drop_upload(row_of(media_id).name)
        assert not process_media(media_id, tools=tools, work=work_here)
        assert row_of(media_id).state is MediaState.FAILED


def test_what_a_child_made_beside_its_task_is_never_kept(
    app: Flask, upload: Callable[..., UUID], tools: Tools, settings: Settings
) -> None:
    media_id = upload()

    def taken_over(task: Task) -> Made:
        made = work_here(task)
        (Path(task.folder) / "640.html").write_text("<script>alert(1)</script>")
        return made

    with app.app_context():
        assert not process_media(media_id, tools=tools, work=taken_over)
        assert row_of(media_id).state is MediaState.FAILED
    assert files(settings) == []


def test_the_sweep_rings_again_but_not_for_what_is_being_worked_on(
    app: Flask, upload: Callable[..., UUID], tools: Tools, clock: FakeClock
) -> None:
    media_id = upload()
    with app.app_context():
        clock.advance(seconds=RING_AGAIN.total_seconds() + 1)
        with transaction() as writing:
            assert sweep_media(writing, now=clock()) == 1
        clock.advance(seconds=RING_AGAIN.total_seconds() + 1)
        with transaction() as writing:
            writing.get_one(Media, media_id).lease_until = database_now(writing) + timedelta(seconds=60)
        with transaction() as writing:
            assert sweep_media(writing, now=clock()) == 0


def test_avif_is_made_beside_webp_when_the_operator_asks(
    app: Flask, upload: Callable[..., UUID], tools: Tools, settings: Settings
) -> None:
    media_id = upload()
    own = replace(tools, settings=settings.model_copy(update={"media_avif": True}))
    with app.app_context():
        assert process_media(media_id, tools=own, work=work_here)
        row = row_of(media_id)
        assert row.has_avif
        assert f"{row.name}-640.avif" in files(settings)


def test_a_refusal_says_its_trouble() -> None:
    assert str(Refused(MediaTrouble.TOO_LONG)) == "too_long"
