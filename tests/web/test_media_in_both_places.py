"""One journey of a picture, from the form to its erasure: the same with a folder and with a bucket."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from reviews_app.config import Settings
from reviews_app.db.database import session, transaction
from reviews_app.media.workshop.__main__ import work as work_here
from reviews_app.models.media import Media, MediaState
from reviews_app.models.review import Review
from reviews_app.models.store import Publishing, Store
from reviews_app.services.dispatch.process_media import process_media
from reviews_app.services.dispatch.remove_media import remove_all_media
from reviews_app.services.erase_person import erase_person
from reviews_app.services.tools import Tools
from tests.factories.media import lying
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.visitor import Visitor, typed

PRODUCT = "/stores/larkspur/products/ridge-daypack"
GOOD: dict[str, Any] = {"rating": "4", "body": "Carries well.", "name": "Ann Lee", "email": "ann@example.com"}


@pytest.fixture
def settings(settings: Settings, media_storage: str) -> Settings:
    return settings.model_copy(update={"media_storage": media_storage})


@pytest.fixture
def tools(app: Flask) -> Iterator[Tools]:
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing, publishing=Publishing.HOLD_ALL))
    yield app.extensions["tools"]


def row_of(app: Flask) -> Media:
    with app.app_context():
        return session().scalars(select(Media)).one()


def test_from_the_form_to_the_page_to_nothing(app: Flask, tools: Tools) -> None:
    visitor = Visitor(app.test_client())
    photo = (BytesIO(make_picture(size=(300, 200))), "walk.jpg")
    refused = visitor.send(f"{PRODUCT}/reviews/new", **GOOD | {"rating": "", "photos": photo})
    assert refused.status_code == 422
    row = row_of(app)
    keeper = tools.storage.keeper
    assert list(lying(keeper)) == [f"uploads/{row.name}"]

    sent = visitor.client.post(f"{PRODUCT}/reviews/new", data=typed(refused) | {"rating": "4"})
    assert sent.status_code == 303
    waiting = visitor.open(urlsplit(tools.addresses.keyed_picture(row, 640)).path)
    assert waiting.status_code == 404
    with app.app_context():
        assert process_media(row.id, tools=tools, work=work_here)
    assert sorted(lying(keeper)) == [f"media/{row.name}-{size}.webp" for size in (160, 1600, 640)]

    address = tools.addresses.picture(row.name, 640).removeprefix("http://shop.test")
    key = tools.addresses.keyed_picture(row, 640).removeprefix("http://shop.test")
    assert (visitor.open(address).status_code, visitor.open(key).status_code) == (404, 200)
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Review)).one().publish(tools.clock())
    shown = visitor.open(address)
    assert (shown.status_code, shown.content_type) == (200, "image/webp")
    assert Image.open(BytesIO(shown.data)).size == (300, 200)
    part = visitor.client.get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"RIFF")

    with app.app_context():
        with transaction() as writing:
            erase_person(writing, writing.scalars(select(Store)).one(), "ann@example.com", clock=tools.clock)
        assert remove_all_media(tools=tools) == 1
    assert lying(keeper) == {}
    assert visitor.open(key).status_code == 404


def test_a_picture_taken_back_leaves_nothing(app: Flask, tools: Tools) -> None:
    visitor = Visitor(app.test_client())
    photo = (BytesIO(make_picture()), "walk.jpg")
    held = visitor.send(f"{PRODUCT}/reviews/new", **GOOD | {"rating": "", "photos": photo})
    key = row_of(app).upload_key
    visitor.client.post(f"{PRODUCT}/reviews/new", data=typed(held) | {"remove_photo": key})
    with app.app_context():
        remove_all_media(tools=tools)
    assert lying(tools.storage.keeper) == {}


def test_a_broken_picture_leaves_nothing_but_its_word(app: Flask, tools: Tools) -> None:
    visitor = Visitor(app.test_client())
    photo = (BytesIO(make_picture()[:300]), "walk.jpg")
    visitor.send(f"{PRODUCT}/reviews/new", **GOOD | {"photos": photo})
    with app.app_context():
        assert not process_media(row_of(app).id, tools=tools, work=work_here)
    assert row_of(app).state is MediaState.FAILED
    assert lying(tools.storage.keeper) == {}
