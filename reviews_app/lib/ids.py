"""Identifiers: UUIDv7, so that rows sort by their birth."""

from collections.abc import Callable
from uuid import UUID

from uuid_utils import compat

NewId = Callable[[], UUID]


def new_id() -> UUID:
    """A fresh UUIDv7 as a standard UUID."""
    return compat.uuid7()
