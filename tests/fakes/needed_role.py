"""What role a page of a store asks for."""

from collections.abc import Callable
from typing import Any

from reviews_app.models.membership import StoreRole
from reviews_app.web.guards import Guard


def needed_role(view: Callable[..., Any]) -> StoreRole | None:
    """None for a view that is no page of a store."""
    is_page = getattr(view, "guard", "") == Guard.MEMBER
    return StoreRole(getattr(view, "guard_role", "")) if is_page else None
