"""Health answers for load balancers and operators."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

health = Blueprint("health", __name__, url_prefix="/health")


@health.get("/live")
def live() -> ResponseReturnValue:
    """The process answers; nothing else is looked at."""
    return {"status": "ok"}
