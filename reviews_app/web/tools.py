"""The tools of the application in context, for views."""

from typing import cast

from flask import current_app

from reviews_app.services.tools import Tools

TOOLS = "tools"


def tools() -> Tools:
    """Settings, clock, ids, keys and addresses."""
    return cast("Tools", current_app.extensions[TOOLS])
