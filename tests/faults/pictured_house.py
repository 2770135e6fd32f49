"""A shop whose reviews have pictures, and the promise that is looked at whatever is broken beneath them."""

import os
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from reviews_app.db.clock import database_now
from reviews_app.db.database import session, transaction
from reviews_app.media.workshop.__main__ import work as work_here
from reviews_app.models.media import Media, MediaState
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.services.dispatch.process_media import Work, process_media
from reviews_app.services.stage_picture import stage_picture
from reviews_app.services.submit_review import take_pictures
from reviews_app.services.tools import Tools
from tests.factories.picture import make_picture
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store

PAGE = "/stores/larkspur/products/ridge-daypack"
SIZES = (1600, 640, 160)


class House:
    """A published review with one picture in work, and whoever looks at it."""

    def __init__(self, app: Flask, tools: Tools) -> None:
        self.app, self.tools = app, tools
        self.client: FlaskClient = app.test_client()
        with app.app_context(), transaction() as writing:
            store = make_store(writing)
            make_product(writing, store)

    def leave(self, picture: bytes = b"", *, filename: str = "walk.jpg") -> UUID:
        """A review with a picture nobody worked on yet."""
        with self.app.app_context(), transaction() as writing:
            store, product = writing.query(Store).one(), writing.query(Product).one()
            raw = BytesIO(picture or make_picture(size=(900, 600)))
            sent = {"form_id": os.urandom(8).hex(), "stream": raw, "filename": filename}
            row = stage_picture(writing, store, **sent, storage=self.tools.storage, clock=self.tools.clock)  # type: ignore[arg-type]
            review = leave_review(writing, store, product, form_id=row.form_id, body="It carries well.")
            assert take_pictures(writing, review, row.form_id) == []
            return row.id

    def row(self, media_id: UUID) -> Media:
        session().rollback()
        return session().get_one(Media, media_id)

    def assert_whole_or_not_there(self, media_id: UUID) -> None:
        """The text stands on the page; each address gives a whole picture, or says when to come back."""
        with self.app.app_context():
            name, state = self.row(media_id).name, self.row(media_id).state
        assert "It carries well." in self.client.get(PAGE).text
        for size in SIZES:
            answer = self.client.get(f"/media/{name}-{size}.webp")
            if state is MediaState.READY:
                assert answer.status_code == 200
                Image.open(BytesIO(answer.data)).load()
            else:
                assert answer.status_code == 404
                assert answer.headers["Retry-After"]

    def lease_ends(self, media_id: UUID) -> None:
        with transaction() as writing:
            writing.get_one(Media, media_id).lease_until = database_now(writing) - timedelta(seconds=1)

    def assert_heals(self, media_id: UUID, work: Work = work_here) -> None:
        with self.app.app_context():
            if self.row(media_id).state is MediaState.UPLOADED:
                self.lease_ends(media_id)
                assert process_media(media_id, tools=self.tools, work=work)
            assert self.row(media_id).state is MediaState.READY
        self.assert_whole_or_not_there(media_id)
