"""The rail on the left, and the bar at the bottom of a phone."""

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for

from reviews_app.db.database import session
from reviews_app.queries.memberships import stores_of
from reviews_app.web.merchant.action import ActionForm


@dataclass(frozen=True, slots=True)
class Entry:
    """One way."""

    label: str
    url: str
    icon: str
    is_current: bool
    is_wide_only: bool = False
    is_narrow_only: bool = False


# label, endpoint, icon, shown on wide screens alone
ENTRIES = (
    ("Home", "home", "house", False),
    ("Reviews", "reviews", "message-square", False),
    ("Orders", "orders", "package", False),
    ("Requests", "requests", "mail", True),
    ("Products", "products", "shopping-bag", True),
    ("Deliveries", "deliveries", "send", True),
    ("Settings", "settings", "settings", False),
)


def navigation() -> list[Entry]:
    """The entries for the store in view."""
    path = request.path
    listed = []
    for label, endpoint, icon, wide_only in ENTRIES:
        url = url_for(f"merchant.{endpoint}", store=g.member.store.slug)
        is_current = path == url if endpoint == "home" else path.startswith(url)
        listed.append(Entry(label, url, icon, is_current, is_wide_only=wide_only))
    return listed


def has_other_stores() -> bool:
    """Whether the person in view works in more than one store."""
    return len(stores_of(session(), g.member.account.id)) > 1


def dashboard_values() -> dict[str, Any]:
    """What every page of the dashboard knows."""
    if "member" not in g:
        return {}
    return {
        "navigation": navigation,
        "has_other_stores": has_other_stores,
        "member": g.member,
        # Only its token is wanted: reading what was sent could fail, as it does for too large a file.
        "action": ActionForm(formdata=None),
    }
