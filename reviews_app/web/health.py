"""Health answers for load balancers and operators."""

from enum import StrEnum

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from reviews_app.db.answers import database_answers, is_migrated, queue_answers
from reviews_app.db.database import session
from reviews_app.web.guards import public
from reviews_app.web.tools import tools

health = Blueprint("health", __name__, url_prefix="/health")


class Part(StrEnum):
    """How a part fares."""

    OK = "ok"
    DOWN = "down"
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

    Without the queue pages work and deliveries wait for the sweep, so a load balancer must not take us out.
    """
    parts = {"database": _database(), "migrations": _migrations(), "queue": _queue()}
    if Part.DOWN in {parts["database"], parts["migrations"]}:
        return {"status": "down", "parts": parts}, 503
    return {"status": "ok" if parts["queue"] is Part.OK else "degraded", "parts": parts}


def _database() -> Part:
    return Part.OK if database_answers(session()) else Part.DOWN


def _migrations() -> Part:
    folder = str(current_app.extensions["migrate"].directory)
    return Part.OK if is_migrated(session(), folder) else Part.DOWN


def _queue() -> Part:
    url = tools().settings.redis_url
    if not url:
        return Part.NOT_SET
    return Part.OK if queue_answers(url) else Part.DOWN
