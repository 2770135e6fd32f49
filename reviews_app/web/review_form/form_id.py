"""The hidden id of one opened form: signed, so that nobody picks it; unique, so that twice sent is once saved."""

import time
from dataclasses import dataclass
from uuid import uuid4

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

SALT = "review-form"
LONGEST = 200


class FormIdUnknown(Exception):
    """The id was not made here."""


@dataclass(frozen=True, slots=True)
class FormId:
    """The id and when its form was opened, in seconds since 1970."""

    value: str
    opened_at: int

    @property
    def age(self) -> float:
        """Seconds since the form was opened."""
        return time.time() - self.opened_at


def new_form_id() -> str:
    """A fresh signed id; it never expires."""
    return str(_serializer().dumps([uuid4().hex, int(time.time())]))


def read_form_id(signed: str) -> FormId:
    """Raises FormIdUnknown."""
    try:
        value, opened_at = _serializer().loads(signed[:LONGEST])
        return FormId(str(value), int(opened_at))
    except (BadSignature, ValueError, TypeError):
        raise FormIdUnknown from None


def form_id_of(signed: str | None) -> FormId | None:
    """The id a form was opened with; None when it was not made here."""
    try:
        return read_form_id(signed or "")
    except FormIdUnknown:
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=SALT)
