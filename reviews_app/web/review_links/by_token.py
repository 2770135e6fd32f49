"""Looks a mailed token up; who asks for many that are none is told to wait, while real ones go on opening."""

from collections.abc import Callable
from typing import TypeVar

from flask import abort
from sqlalchemy.orm import Session

from reviews_app.db.database import session
from reviews_app.queries.not_found import NotFound
from reviews_app.web.limits import may_miss_a_link

Found = TypeVar("Found")


def by_token(find: Callable[[Session, str], Found], token: str) -> Found:
    """What the token stands for. Raises NotFound, and past 50 misses a minute from one address a 429."""
    try:
        return find(session(), token)
    except NotFound:
        if not may_miss_a_link():
            abort(429)
        raise
