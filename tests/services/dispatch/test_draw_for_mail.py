"""What mails show of a product that was drawn before mails had pictures of their own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.after_commit import take_rings
from reviews_app.db.database import session, transaction
from reviews_app.lib.tokens import new_token
from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import StorageAway
from reviews_app.media.picture import encode_picture
from reviews_app.models.product import Product, ProductPicture
from reviews_app.services.compose_request import picture_of
from reviews_app.services.dispatch.draw_for_mail import draw_for_mail
from reviews_app.services.product_pictures import append_picture
from reviews_app.services.sweep_drawings import sweep_drawings
from reviews_app.services.tools import Tools
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.store import make_store


@pytest.fixture
def tools(app: Flask) -> Iterator[Tools]:
    with app.app_context():
        yield app.extensions["tools"]


def old_picture(tools: Tools, *, is_there: bool = True) -> UUID:
    """Three WebP files and nothing for mails."""
    name = new_token()
    for suffix, file in encode_picture(make_picture("PNG", (400, 300))).files.items() if is_there else ():
        tools.storage.keep_served(name, suffix, [file])
    with transaction() as writing:
        product = make_product(writing, make_store(writing))
        return append_picture(writing, product, name=name, alt="front", size=(400, 300)).id


def rung(tools: Tools) -> list[object]:
    with transaction() as writing:
        count = sweep_drawings(writing, now=tools.clock())
        found: list[object] = [*take_rings(writing)]
        assert len(found) == count
        return found


def shown(app: Flask, tools: Tools) -> tuple[str, str]:
    """Where a mail finds it, and what lies there."""
    session().rollback()
    address = picture_of(session().scalars(select(Product)).one(), tools.addresses)
    answer = app.test_client().get(address.removeprefix("http://shop.test"))
    assert answer.status_code == 200
    return address.rpartition("-")[2], str(answer.content_type)


def test_the_sweep_rings_once_for_what_mails_lack_and_they_show_the_old_file_until_then(
    app: Flask, tools: Tools
) -> None:
    picture = old_picture(tools)
    assert len(rung(tools)) == 1
    assert shown(app, tools) == ("160.webp", "image/webp")
    assert draw_for_mail(picture, tools=tools)
    assert shown(app, tools) == ("mail.jpg", "image/jpeg")
    assert rung(tools) == []
    assert not draw_for_mail(picture, tools=tools)


def test_a_picture_whose_files_are_gone_is_tried_once(tools: Tools) -> None:
    picture = old_picture(tools, is_there=False)
    assert not draw_for_mail(picture, tools=tools)
    assert session().scalars(select(ProductPicture.mail_file)).one() == ""
    assert rung(tools) == []


def test_a_picture_taken_away_meanwhile_is_nobodys(tools: Tools) -> None:
    picture = old_picture(tools)
    with transaction() as writing:
        writing.delete(writing.get_one(ProductPicture, picture))
    assert not draw_for_mail(picture, tools=tools)


class Away(FolderKeeper):
    """A folder that cannot be read."""

    def as_file(self, key: str) -> AbstractContextManager[Path | None]:  # type: ignore[override]
        raise StorageAway("away")


def test_a_storage_that_is_away_costs_the_picture_nothing(tools: Tools, tmp_path: Path) -> None:
    picture = old_picture(tools)
    there = tools.storage.keeper
    tools.storage.keeper = Away(tmp_path)
    with pytest.raises(StorageAway):
        draw_for_mail(picture, tools=tools)
    tools.storage.keeper = there
    assert len(rung(tools)) == 1
    assert draw_for_mail(picture, tools=tools)
