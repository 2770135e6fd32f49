"""Health answers for load balancers and operators."""

from enum import StrEnum

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from reviews_app.db.answers import database_answers, is_migrated, queue_answers, queues_without_worker
from reviews_app.db.database import session
from reviews_app.queries.delivery_totals import sweep_age
from reviews_app.web.guards import public
from reviews_app.web.tools import tools

# Four sweeps missed.
LATE_AFTER = 60.0

health = Blueprint("health", __name__, url_prefix="/health")


class Part(StrEnum):
    """How a part fares."""

    OK = "ok"
    DOWN = "down"
    LATE = "late"
    NOT_SET = "not set"


@health.get("/live")
@public
def live() -> ResponseReturnValue:
    """The process answers; nothing else is looked at."""
    return {"status": "ok"}


@health.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Names each part. Without database or tables no page works: 503.

    Without the queue pages work and deliveries wait for the sweep; without storage or scanner texts are saved and
    pictures wait. So a load balancer must not take us out.
    """
    database = _database()
    # One that does not answer is not asked twice: whoever looks waits for five seconds at most.
    migrations = _migrations() if database is Part.OK else Part.DOWN
    parts = {"database": database, "migrations": migrations, "queue": _queue()}
    if Part.DOWN in {parts["database"], parts["migrations"]}:
        return {"status": "down", "parts": parts}, 503
    parts["scheduler"] = _scheduler()
    parts |= _media() | _workers(parts["queue"])
    return {"status": "ok" if set(parts.values()) == {Part.OK} else "degraded", "parts": parts}


def _database() -> Part:
    return Part.OK if database_answers(session()) else Part.DOWN


def _migrations() -> Part:
    folder = str(current_app.extensions["migrate"].directory)
    return Part.OK if is_migrated(session(), folder) else Part.DOWN


def _scheduler() -> Part:
    """Without its sweep new reviews still go out, but none is tried again."""
    age = sweep_age(session(), now=tools().clock())
    if age is None:
        return Part.DOWN
    return Part.OK if age < LATE_AFTER else Part.LATE


def _workers(queue: Part) -> dict[str, Part]:
    """Each queue nobody works on: what is in it waits, and pages go on."""
    missing = queues_without_worker(tools().settings.redis_url) if queue is Part.OK else []
    return {f"worker {name}": Part.DOWN for name in missing}


def _media() -> dict[str, Part]:
    """Where pictures lie, and what looks for viruses in them when one is set; neither is waited for long."""
    asked = {"storage": tools().storage.answers}
    if (scanner := tools().scanner) is not None:
        asked["scanner"] = scanner.answers
    return {name: Part.OK if answers() else Part.DOWN for name, answers in asked.items()}


def _queue() -> Part:
    url = tools().settings.redis_url
    if not url:
        return Part.NOT_SET
    return Part.OK if queue_answers(url) else Part.DOWN
