"""Every line a request writes into the log carries its id and its store, and the answer carries the id back."""

import re

import structlog
from flask import Flask, Response, request

from reviews_app.lib.ids import new_id

HEADER = "X-Request-ID"
# A proxy's own id is kept, so that both logs tell of the same request; anything else could write into ours.
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = structlog.get_logger()


def register_request_log(app: Flask) -> None:
    """Before everything else that happens to a request."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    told = request.headers.get(HEADER, "")
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=told if WELL_FORMED.fullmatch(told) else new_id().hex)
    store = (request.view_args or {}).get("store")
    if store is not None:
        structlog.contextvars.bind_contextvars(store=store)


def _end(answer: Response) -> Response:
    bound = structlog.contextvars.get_contextvars()
    answer.headers[HEADER] = bound.get("request", "")
    if answer.status_code >= 500:
        # By the rule of the address, not the address: links hold tokens.
        rule = request.url_rule.rule if request.url_rule else ""
        log.error("request failed", status=answer.status_code, method=request.method, rule=rule)
    return answer
