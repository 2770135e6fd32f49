"""Whether the stand-in Kustomer takes a request, by the rules Kustomer documents."""

import hmac
from dataclasses import dataclass
from typing import Any

import orjson

from reviews_app.sandbox.demo_key import DemoKey
from reviews_app.sandbox.outside.behaviour import Behaviour

LARGEST_BODY = 400_000
WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    410: "Gone",
    413: "Request Entity Too Large",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
EXPIRED = "Expired token"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status, Kustomer's words for a refusal, and the event when it was taken."""

    status: int
    words: str = ""
    data: Any = None

    @property
    def is_taken(self) -> bool:
        """Whether an event comes of it."""
        return 200 <= self.status < 300


def judge(demo_key: DemoKey, behaviour: Behaviour, *, path: str, authorization: str, body: bytes) -> Verdict:
    """Decide on one request to a hook."""
    if behaviour.refusal:
        words = EXPIRED if behaviour.body == "expired" else WORDS.get(behaviour.refusal, "Error")
        return Verdict(behaviour.refusal, words)
    if path != demo_key.path:
        return _refuse(404)
    if refused := _judge_key(demo_key, authorization):
        return refused
    if len(body) > LARGEST_BODY:
        return _refuse(413)
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Verdict(400, "The body is not JSON")
    return Verdict(behaviour.status or 200, data=data)


def error_body(verdict: Verdict) -> bytes:
    """A refusal as Kustomer words it: JSON with a list of errors."""
    code = verdict.words.lower().replace(" ", "_")
    return orjson.dumps({"errors": [{"status": verdict.status, "code": code, "title": verdict.words}]})


def _judge_key(demo_key: DemoKey, authorization: str) -> Verdict | None:
    kind, _, key = authorization.partition(" ")
    if kind.lower() != "bearer" or not key:
        return _refuse(401)
    if any(_same(key, former) for former in demo_key.former_keys):
        return Verdict(401, EXPIRED)
    if not _same(key, demo_key.key):
        return _refuse(401)
    return Verdict(401, EXPIRED) if demo_key.is_expired else None


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.strip().encode(), other.encode())


def _refuse(status: int) -> Verdict:
    return Verdict(status, WORDS[status])
