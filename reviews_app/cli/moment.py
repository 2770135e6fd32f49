"""An option that moves a command's clock: `--at 2026-12-08T10:00:00+01:00`."""

from dataclasses import replace
from datetime import datetime

import click
from flask import current_app

from reviews_app.jobs.run_job import tools_of
from reviews_app.services.tools import Tools

# A clock that stands still never ends the second within which a pace counts.
AT_ONCE = 1e12


class Moment(click.ParamType[datetime]):
    """ISO 8601 with a zone."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Fails for what is no moment, or one that could be any of 24."""
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment. It looks like 2026-12-08T10:00:00Z", param, ctx)
        if at.tzinfo is None:
            self.fail(f"{value!r} needs a zone, such as 2026-12-08T10:00:00Z", param, ctx)
        return at


at_option = click.option("--at", type=Moment(), help="The moment to act as of; now without it.")


def tools_at(at: datetime | None) -> Tools:
    """The application's tools with their clock standing at that moment, and mails that leave without a pace."""
    tools = tools_of(current_app)
    if at is None:
        return tools
    paces = {"mail_per_second_store": AT_ONCE, "mail_per_second_provider": AT_ONCE}
    return replace(tools, clock=lambda: at, settings=tools.settings.model_copy(update=paces))
