"""`flask doctor`: what works and what does not, in words."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from reviews_app.cli.command import Command
from reviews_app.db.answers import database_answers, is_migrated, queue_answers, queue_depths, queues_without_worker
from reviews_app.db.database import session
from reviews_app.jobs.run_job import tools_of
from reviews_app.queries.delivery_totals import delivery_totals
from reviews_app.queries.sealed_secrets import sealed_secrets
from reviews_app.services.tools import Tools

LATE_AFTER = 60.0


@click.command("doctor", cls=Command)
@with_appcontext
def doctor() -> None:
    """Look at settings, database, queue and what waits. Ends with 1 when a part is down."""
    tools = tools_of(current_app)
    say("mode", f"{tools.settings.app_mode}, public at {tools.addresses.public}")
    say("queue", queue_in_words(tools))
    say("workers", workers_in_words(tools))
    say("storage", storage_in_words(tools))
    say("scanner", scanner_in_words(tools))
    say("mail", "SMTP_URL is set" if tools.settings.smtp_url else "SMTP_URL is not set: mails wait")
    if not database_answers(session()):
        say("database", "does not answer: look at DATABASE_URL and whether the server runs")
        sys.exit(1)
    say("database", "answers")
    if not is_migrated(session(), str(current_app.extensions["migrate"].directory)):
        say("tables", "are not those of this version: run flask db upgrade")
        sys.exit(1)
    say("tables", "are up to date")
    totals = delivery_totals(session(), now=tools.clock())
    say("scheduler", scheduler_in_words(totals.sweep_age))
    say("Kustomer", counted(totals.destinations))
    say("deliveries", counted(totals.deliveries))
    if totals.oldest_waiting > LATE_AFTER:
        say("oldest", f"under way for {totals.oldest_waiting:.0f} s: look at the worker, or run flask drain")
    say("held", counted(totals.held_by_reason))
    say("mails", counted(totals.mails))
    say("keys", keys_in_words(tools))
    say("lost", f"{totals.lost} reviews" if totals.lost == 0 else f"{totals.lost} reviews: run flask reconcile")
    if is_down(tools):
        sys.exit(1)


def is_down(tools: Tools) -> bool:
    """Whether something that is set up does not answer; the database was asked before."""
    url = tools.settings.redis_url
    if url and (not queue_answers(url) or queues_without_worker(url)):
        return True
    return not tools.storage.answers() or (tools.scanner is not None and not tools.scanner.answers())


def workers_in_words(tools: Tools) -> str:
    """Whether somebody works on each queue."""
    url = tools.settings.redis_url
    if not url or not queue_answers(url):
        return "work once there is a queue"
    missing = queues_without_worker(url)
    return f"none on {', '.join(missing)}: start flask worker for each" if missing else "one on every queue at least"


def say(what: str, words: str) -> None:
    """One line."""
    click.echo(f"{what:<11}{words}")


def counted(counts: dict[str, int]) -> str:
    """Counts in words, without those that are 0."""
    return ", ".join(f"{word} {count}" for word, count in counts.items() if count) or "none"


def scheduler_in_words(age: float | None) -> str:
    """Whether somebody sweeps."""
    if age is None:
        return "never swept: start flask scheduler"
    return f"swept {age:.0f} s ago" + ("" if age < LATE_AFTER else ": is flask scheduler running?")


def storage_in_words(tools: Tools) -> str:
    """Where pictures lie, and whether that place answers."""
    place = "a bucket" if tools.settings.media_storage else f"the folder {tools.settings.data_dir}"
    return f"{place} answers" if tools.storage.answers() else f"{place} does not answer: pictures wait, texts are saved"


def scanner_in_words(tools: Tools) -> str:
    """Whether somebody looks for viruses."""
    if tools.scanner is None:
        return "MEDIA_SCANNER is not set"
    return "answers" if tools.scanner.answers() else "does not answer: pictures wait until it does"


def keys_in_words(tools: Tools) -> str:
    """Whether every secret can be opened, and with the newest key."""
    secrets = list(sealed_secrets(session()))
    lost = sum(not tools.keyring.knows(one) for one in secrets)
    if lost:
        return f"{lost} secrets were sealed with a key that is not in ENCRYPTION_KEYS: put it back behind the others"
    old = sum(not tools.keyring.is_current(one) for one in secrets)
    return f"{old} secrets have an older key: run flask rotate-keys" if old else "every secret has the newest key"


def queue_in_words(tools: Tools) -> str:
    """Whether the bell can be heard."""
    if not tools.settings.redis_url:
        return "REDIS_URL is not set: send what is due with flask drain"
    if not queue_answers(tools.settings.redis_url):
        return "does not answer; nothing is lost, the sweep catches up"
    waiting = counted(queue_depths(tools.settings.redis_url))
    return f"answers; jobs waiting: {waiting}"
