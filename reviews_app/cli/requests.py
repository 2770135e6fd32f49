"""Commands that plan and send review requests, by the clock or by a moment you name."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from reviews_app.cli.command import Command
from reviews_app.cli.drain import drain_mails
from reviews_app.cli.moment import at_option, tools_at
from reviews_app.db.database import transaction
from reviews_app.services.plan_requests import plan_requests as plan_some
from reviews_app.services.send_due_requests import send_due_requests as send_some
from reviews_app.services.tools import Tools


@click.command("plan-requests", cls=Command)
@at_option
@with_appcontext
def plan_requests(*, at: datetime | None) -> None:
    """Plan the request of every order that has none yet."""
    click.echo(f"requests planned: {plan_all(tools_at(at))}")


@click.command("send-due-requests", cls=Command)
@at_option
@with_appcontext
def send_due_requests(*, at: datetime | None) -> None:
    """Write the mails of every request that is due, and send what waits."""
    tools = tools_at(at)
    click.echo(f"requests settled: {settle_all(tools)}")
    click.echo(f"mails sent: {drain_mails(tools)}")


def plan_all(tools: Tools) -> int:
    """Step by step until nothing is left; each step is a transaction."""
    planned, step = 0, 1
    while step:
        with transaction() as writing:
            step = plan_some(writing, now=tools.clock())
        planned += step
    return planned


def settle_all(tools: Tools) -> int:
    """Step by step until nothing is due; each step is a transaction."""
    settled, step = 0, 1
    while step:
        with transaction() as writing:
            step = send_some(writing, tools=tools)
        settled += step
    return settled
