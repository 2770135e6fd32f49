"""Somebody with an open form, whose page's script speaks to the door of its pictures."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.factories.picture import make_picture
from tests.fakes.visitor import Visitor, typed

PRODUCT = "/stores/larkspur/products/ridge-daypack"
FORM = f"{PRODUCT}/reviews/new"
DOOR = f"{PRODUCT}/reviews/pictures"
GOOD: dict[str, Any] = {"rating": "4", "body": "Carries well.", "name": "Ann Lee", "email": "ann@example.com"}


@dataclass
class Writer:
    """The fields every call names, and what may be asked with them."""

    app: Flask
    visitor: Visitor
    fields: dict[str, str]

    def ask(self, *pairs: tuple[str, Any], **changed: str) -> TestResponse:
        return self.visitor.client.post(DOOR, data=MultiDict([*(self.fields | changed).items(), *pairs]))

    def send(self, key: str, raw: bytes | None = None, **more: str) -> TestResponse:
        file = (BytesIO(make_picture() if raw is None else raw), f"{key}.jpg")
        return self.ask(("photo_key", key), ("photo", file), *more.items())

    def held(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (self.ask().json or {})["photos"]
        return found

    def submit(self, *pairs: tuple[str, Any], **changed: Any) -> TestResponse:
        return self.visitor.client.post(FORM, data=MultiDict([*(self.fields | GOOD | changed).items(), *pairs]))


def open_writer(app: Flask) -> Writer:
    """Open the form of the store's product."""
    visitor = Visitor(app.test_client())
    opened = typed(visitor.open(FORM))
    return Writer(app, visitor, {name: opened[name][0] for name in ("csrf_token", "form_id")})
