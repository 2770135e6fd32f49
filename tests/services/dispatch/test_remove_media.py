"""What no review holds goes, files first."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from reviews_app.config import Settings
from reviews_app.db.database import session, transaction
from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import StorageAway
from reviews_app.models.media import Media
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.services.dispatch.remove_media import remove_all_media, remove_media
from reviews_app.services.erase_person import erase_person
from reviews_app.services.let_go_of_media import let_go_of_media
from reviews_app.services.submit_review import take_pictures
from reviews_app.services.sweep_media import RING_AGAIN, STAGED_FOR, sweep_media
from reviews_app.services.tools import Tools
from tests.factories.media import make_media, paths
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def tools(app: Flask) -> Iterator[Tools]:
    with app.app_context():
        yield app.extensions["tools"]


def hang(tools: Tools, *, staged: bool = False) -> UUID:
    """A picture with its files: of a review, or of a form never sent."""
    with transaction() as writing:
        store = writing.query(Store).first() or make_store(writing)
        if staged:
            return make_media(writing, store, storage=tools.storage).id
        review = leave_review(writing, store, make_product(writing, store), email="ann@example.com")
        return make_media(writing, store, review, storage=tools.storage).id


def left() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(Media)) or 0


def rung(tools: Tools) -> int:
    with transaction() as writing:
        return sweep_media(writing, now=tools.clock())


def test_what_no_review_took_is_gone_within_a_day(tools: Tools, clock: FakeClock, settings: Settings) -> None:
    media_id = hang(tools, staged=True)
    clock.advance(hours=22)
    assert not remove_media(media_id, tools=tools)
    clock.advance(hours=1, seconds=1)
    assert rung(tools) == 1
    assert remove_media(media_id, tools=tools)
    assert (left(), paths(settings.data_dir)) == (0, [])
    assert not remove_media(media_id, tools=tools)
    assert STAGED_FOR.total_seconds() < 24 * 3600


def test_a_reviews_pictures_stay_however_old(tools: Tools, clock: FakeClock, settings: Settings) -> None:
    media_id = hang(tools)
    clock.advance(days=4000)
    assert rung(tools) == 0
    assert not remove_media(media_id, tools=tools)
    assert (left(), len(paths(settings.data_dir))) == (1, 3)


def test_what_a_review_let_go_is_gone_with_the_next_sweep(tools: Tools, clock: FakeClock, settings: Settings) -> None:
    hang(tools)
    with transaction() as writing:
        let_go_of_media(writing.scalars(select(Media)).all())
    clock.advance(seconds=RING_AGAIN.total_seconds() + 1)
    assert rung(tools) == 1
    assert remove_all_media(tools=tools) == 1
    assert (left(), paths(settings.data_dir)) == (0, [])


def test_an_erased_persons_files_go_with_the_next_sweep(tools: Tools, clock: FakeClock, settings: Settings) -> None:
    hang(tools)
    with transaction() as writing:
        erase_person(writing, writing.scalars(select(Store)).one(), "ann@example.com", clock=tools.clock)
    clock.advance(seconds=RING_AGAIN.total_seconds() + 1)
    assert rung(tools) == 1
    assert remove_all_media(tools=tools) == 1
    assert (left(), paths(settings.data_dir)) == (0, [])


def test_a_storage_that_is_away_is_asked_again(
    tools: Tools, clock: FakeClock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id = hang(tools, staged=True)
    clock.advance(hours=24)
    away = tools.storage.keeper
    tools.storage.keeper = Away(settings.data_dir)
    assert not remove_media(media_id, tools=tools)
    assert left() == 1
    clock.advance(seconds=RING_AGAIN.total_seconds() + 1)
    assert rung(tools) == 1
    tools.storage.keeper = away
    assert remove_media(media_id, tools=tools)
    assert (left(), paths(settings.data_dir)) == (0, [])


class Away(FolderKeeper):
    """A folder that lists and shows, and removes nothing."""

    def remove(self, keys: object) -> None:
        raise StorageAway("away")


def test_what_is_on_its_way_out_no_form_takes_up_again(tools: Tools, clock: FakeClock, settings: Settings) -> None:
    media_id = hang(tools, staged=True)
    clock.advance(hours=24)
    tools.storage.keeper = Away(settings.data_dir)
    remove_media(media_id, tools=tools)
    with transaction() as writing:
        store = writing.scalars(select(Store)).one()
        review = leave_review(writing, store, make_product(writing, store), form_id="form")
        assert take_pictures(writing, review, "form") == []
        assert writing.scalars(select(Review.has_media)).one() is False
