"""The hook a helpdesk gives out: takes reviews, remembers every request."""

import time
from typing import cast

import orjson
from flask import Blueprint, Request, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers

from reviews_app.sandbox.outside.answer import answer
from reviews_app.sandbox.outside.verdict import LARGEST_BODY, Verdict, error_body, judge
from reviews_app.sandbox.outside.world import World, in_envelope, iso

WORLD = "world"
hook = Blueprint("hook", __name__)


def world() -> World:
    """What this process remembers."""
    return cast("World", current_app.extensions[WORLD])


@hook.post("/v1/hooks/web/<path:_name>")
def receive(_name: str) -> ResponseReturnValue:
    """One delivery: judge it, keep it, answer as told."""
    at = world().clock()
    body = _read(request)
    behaviour = world().behaviours.take()
    verdict = judge(
        world().demo_key,
        behaviour,
        path=request.path,
        authorization=request.headers.get("Authorization", ""),
        body=body,
    )
    if verdict.is_taken and not behaviour.loses_the_event:
        world().take(in_envelope(verdict.data, demo_key=world().demo_key, at=at))
    world().requests.append(
        {
            "time": iso(at),
            "method": request.method,
            "path": request.path,
            "headers": _without_keys(request.headers),
            "body": body[:LARGEST_BODY].decode("utf-8", "replace"),
            "status": None if behaviour.reset is True else verdict.status,
            "behaviour": behaviour.model_dump(exclude_defaults=True),
        }
    )
    time.sleep(behaviour.delay_s)
    return answer(behaviour, verdict.status, _body(verdict, behaviour.body))


def _read(incoming: Request) -> bytes:
    """The body, one byte more than allowed at most; the server throws the rest away."""
    return incoming.stream.read(LARGEST_BODY + 1)


def _body(verdict: Verdict, told: str) -> bytes:
    if told and told != "expired":
        return told.encode()
    return orjson.dumps({"data": {"type": "transaction"}}) if verdict.is_taken else error_body(verdict)


def _without_keys(headers: Headers) -> dict[str, str]:
    return {name: _last_four(value) if name.lower() == "authorization" else value for name, value in headers.items()}


def _last_four(value: str) -> str:
    kind, _, key = value.partition(" ")
    return f"{kind} …{key[-4:]}" if len(key) > 8 else f"{kind} …"
