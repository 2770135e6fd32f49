"""Who may call a route. Every view declares exactly one guard; a test reads them into the inventory."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask.typing import ResponseReturnValue

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Guard(StrEnum):
    """The classes of the route inventory."""

    PUBLIC = "public"
    LINK = "link"
    MEMBER = "member"
    SIGNED_IN = "signed-in"
    OPERATOR = "operator"
    LIBRARY = "library"


def declare(view: View, guard: Guard, role: str = "") -> View:
    """Write the guard on the view, where the inventory reads it."""
    view.guard = guard  # type: ignore[attr-defined]
    view.guard_role = role  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody may call it."""
    return declare(view, Guard.PUBLIC)


def by_link(view: View) -> View:
    """The token in the address is the permission; the view looks it up."""
    return declare(view, Guard.LINK)
