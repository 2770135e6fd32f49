"""`flask scheduler`: the clock that sweeps, notifies and reconciles."""

import signal
import threading
import time

import click
from flask import current_app
from flask.cli import with_appcontext

from reviews_app.cli.command import Command
from reviews_app.db.database import transaction
from reviews_app.jobs.run_job import tools_of, turn_of_clock
from reviews_app.jobs.schedule import SCHEDULE, Tick
from reviews_app.models.clock_beat import ClockBeat
from reviews_app.services.tools import Tools

BEAT_SECONDS = 1.0


@click.command("scheduler", cls=Command)
@click.option("--once", is_flag=True, help="Run every line of the table once and stop.")
@with_appcontext
def scheduler(*, once: bool) -> None:
    """Run the clock table until stopped. Two at once do no harm."""
    tools = tools_of(current_app)
    if once:
        for tick in SCHEDULE:
            click.echo(f"{tick.name}: {run_tick(tick, tools)}")
        return
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    beat(stop, tools)


def beat(stop: threading.Event, tools: Tools) -> None:
    """Run each line when its seconds are over; a database that is away is waited for."""
    next_at = {tick.name: time.monotonic() for tick in SCHEDULE}
    while not stop.wait(BEAT_SECONDS):
        for tick in SCHEDULE:
            if time.monotonic() >= next_at[tick.name] and not stop.is_set():
                run_tick(tick, tools)
                next_at[tick.name] = time.monotonic() + tick.seconds * tools.settings.delivery_time_unit


def run_tick(tick: Tick, tools: Tools) -> int:
    """One line in one transaction; gives how much it did, 0 when it broke off: the others and its next turn go on."""
    with turn_of_clock(tick.name):
        with transaction() as session:
            done = tick.run(session, tools)
            session.merge(ClockBeat(name=tick.name, at=tools.clock()))
        return done
    return 0
