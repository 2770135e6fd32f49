"""What merchants send is drawn, told of, or given up: never tried without an end."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.after_commit import take_rings
from reviews_app.db.database import session, transaction
from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import StorageAway
from reviews_app.media.refused import Refused, Unfinished
from reviews_app.media.workshop.__main__ import work as work_here
from reviews_app.media.workshop.task import Made, Task
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.product import ProductPicture, ProductPictureUpload
from reviews_app.services.dispatch.draw_for_mail import draw_for_mail
from reviews_app.services.dispatch.draw_picture import GIVEN_UP, MOST_TRIES, TOO_HEAVY, TOO_LARGE, TROUBLE, Work
from reviews_app.services.dispatch.draw_product_picture import draw_product_picture
from reviews_app.services.dispatch.encode_logo import encode_logo
from reviews_app.services.sweep_drawings import RING_AGAIN, sweep_drawings
from reviews_app.services.tools import Tools
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock

RAW = make_picture("PNG", (300, 200))
Draw = Callable[..., bool]
Tell = tuple[bool, str, int]


@pytest.fixture
def tools(app: Flask) -> Tools:
    """A product's picture and a logo wait."""
    made: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store)
        writing.add(MailStyle(store_id=store.id, logo_upload=RAW, logo_asked_at=made.clock()))
        writing.add(
            ProductPictureUpload(store_id=store.id, product_id=product.id, upload=RAW, asked_at=made.clock(), alt="One")
        )
    return made


def picture() -> tuple[UUID, Tell]:
    """Its id, and whether it waits, the words about it, and how often it was begun."""
    row = session().scalars(select(ProductPictureUpload)).one()
    return row.id, (row.upload is not None, row.trouble, row.tries)


def logo() -> tuple[UUID, Tell]:
    row = session().scalars(select(MailStyle)).one()
    return row.id, (row.logo_upload is not None, row.logo_trouble, row.logo_tries)


KINDS = pytest.mark.parametrize(("look", "draw"), [(picture, draw_product_picture), (logo, encode_logo)])
Look = Callable[[], tuple[UUID, Tell]]


@pytest.fixture(autouse=True)
def inside(app: Flask, tools: Tools) -> Iterator[None]:
    assert tools
    with app.app_context():
        yield


def standing(look: Look) -> Tell:
    session().rollback()
    return look()[1]


def ended(_task: Task) -> Made:
    raise Unfinished("its child ended with -9")


def refusing(trouble: MediaTrouble) -> Work:
    def refuse(_task: Task) -> Made:
        raise Refused(trouble)

    return refuse


def fouling(task: Task) -> Made:
    """A child that was taken over."""
    (task.results / "1600.webp").write_bytes(b"<html>")
    return Made(300, 200)


def end_each_time(look: Look, draw: Draw, tools: Tools, *, times: int) -> None:
    row_id, _ = look()
    for _ in range(times):
        with pytest.raises(Unfinished):
            draw(row_id, tools=tools, work=ended)


def is_rung_for(tools: Tools, clock: FakeClock, row_id: UUID) -> bool:
    clock.now += RING_AGAIN + timedelta(seconds=1)
    with transaction() as writing:
        sweep_drawings(writing, now=tools.clock())
        return row_id in [rung.row_id for rung in take_rings(writing)]


@KINDS
def test_one_whose_child_ends_every_time_is_given_up_with_words(
    tools: Tools, clock: FakeClock, look: Look, draw: Draw
) -> None:
    row_id, _ = look()
    for tried in range(1, MOST_TRIES + 1):
        end_each_time(look, draw, tools, times=1)
        assert standing(look) == (True, "", tried)
        assert is_rung_for(tools, clock, row_id)
    assert not draw(row_id, tools=tools, work=work_here)
    assert standing(look) == (False, GIVEN_UP, MOST_TRIES)
    assert not is_rung_for(tools, clock, row_id)


@KINDS
def test_one_whose_child_ended_a_few_times_is_drawn_all_the_same(tools: Tools, look: Look, draw: Draw) -> None:
    end_each_time(look, draw, tools, times=MOST_TRIES - 1)
    row_id, _ = look()
    assert draw(row_id, tools=tools, work=work_here)


@KINDS
def test_a_storage_that_is_away_costs_no_try(tools: Tools, tmp_path: Path, look: Look, draw: Draw) -> None:
    class Away(FolderKeeper):
        def put(self, *_given: object) -> None:
            raise StorageAway("away")

    row_id, _ = look()
    tools.storage.keeper = Away(tmp_path)
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(StorageAway):
            draw(row_id, tools=tools, work=work_here)
    assert standing(look) == (True, "", 0)


@KINDS
@pytest.mark.parametrize(
    ("work", "words"),
    [
        (refusing(MediaTrouble.BROKEN), TROUBLE),
        (refusing(MediaTrouble.TOO_LARGE_TO_DECODE), TOO_LARGE),
        (refusing(MediaTrouble.TOO_HEAVY), TOO_HEAVY),
        (fouling, TROUBLE),
    ],
)
def test_one_that_is_at_fault_is_told_of_at_once(tools: Tools, look: Look, draw: Draw, work: Work, words: str) -> None:
    row_id, _ = look()
    assert not draw(row_id, tools=tools, work=work)
    assert standing(look) == (False, words, 1)


def test_what_mails_lack_is_given_up_too_and_they_show_what_they_showed(tools: Tools, clock: FakeClock) -> None:
    name = "n" * 22
    tools.storage.keep_served(name, "640.webp", [make_picture("WEBP")])
    with transaction() as writing:
        product = writing.scalars(select(ProductPictureUpload)).one().product_id
        store_id = writing.scalars(select(MailStyle.store_id)).one()
        row = ProductPicture(store_id=store_id, product_id=product, name=name, width=640, height=480)
        writing.add(row)
        writing.flush()
        row_id = row.id
    for _ in range(MOST_TRIES):
        assert is_rung_for(tools, clock, row_id)
        with pytest.raises(Unfinished):
            draw_for_mail(row_id, tools=tools, work=ended)
    assert not draw_for_mail(row_id, tools=tools, work=work_here)
    assert not is_rung_for(tools, clock, row_id)
    session().rollback()
    assert session().get_one(ProductPicture, row_id).mail_file == ""
