"""What an answer of Kustomer means: the classes of the failure table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from reviews_app.integrations.kustomer.own_words import own_words
from reviews_app.lib.outgoing_http import Answer, CallFailed, FailureKind

LONGEST_WAIT = timedelta(hours=24)


class Outcome(StrEnum):
    """What a try came to."""

    DELIVERED = "delivered"
    KEY = "key"
    HOOK_GONE = "hook_gone"
    HOOK_MISSING = "hook_missing"
    REFUSED_BODY = "refused_body"
    TOO_LARGE = "too_large"
    SERVER = "server"
    RATE = "rate"
    REDIRECT = "redirect"
    NETWORK = "network"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    ADDRESS_REFUSED = "address_refused"
    UNKNOWN = "unknown"


OF_FAILURE = {
    FailureKind.NETWORK: Outcome.NETWORK,
    FailureKind.TIMEOUT: Outcome.TIMEOUT,
    FailureKind.CERTIFICATE: Outcome.CERTIFICATE,
    FailureKind.ADDRESS_REFUSED: Outcome.ADDRESS_REFUSED,
}
OF_STATUS = {
    401: Outcome.KEY,
    403: Outcome.KEY,
    404: Outcome.HOOK_MISSING,
    408: Outcome.SERVER,
    410: Outcome.HOOK_GONE,
    413: Outcome.TOO_LARGE,
    425: Outcome.SERVER,
    429: Outcome.RATE,
}
# Where Kustomer's own words help a person: an expired key, a wrong region, a field it refuses.
QUOTED = frozenset({Outcome.KEY, Outcome.HOOK_MISSING, Outcome.HOOK_GONE, Outcome.REFUSED_BODY})
ELSEWHERE = "another place"
WORDS = {
    Outcome.DELIVERED: "Kustomer has it.",
    Outcome.KEY: "Kustomer did not accept the API key.",
    Outcome.HOOK_GONE: "The hook is gone.",
    Outcome.HOOK_MISSING: "Kustomer knows no hook at this address.",
    Outcome.REFUSED_BODY: "Kustomer refused this review.",
    Outcome.TOO_LARGE: "The review was too large for Kustomer.",
    Outcome.SERVER: "Kustomer had a fault of its own.",
    Outcome.RATE: "Kustomer asked us to slow down.",
    Outcome.UNKNOWN: "Nobody knows whether this try arrived: the sender was stopped.",
}


@dataclass(frozen=True, slots=True)
class Result:
    """A try's end: class, cause in words, status and the head of the answer, and how long to wait if told."""

    outcome: Outcome
    cause: str
    status: int | None = None
    head: str = ""
    wait: timedelta | None = None


def result_of_answer(answer: Answer, *, now: datetime) -> Result:
    """The class of a status, with Retry-After or x-ratelimit-reset obeyed on any."""
    outcome = _outcome(answer.status)
    cause = WORDS.get(outcome, "")
    if outcome is Outcome.REDIRECT:
        cause = f"The address sends us on to {_host(answer.headers.get('location', ''))}. We do not follow."
    if outcome in QUOTED and (said := own_words(answer.head)):
        cause = f'{cause} It says: "{said}".'
    return Result(outcome, cause, answer.status, answer.head, _wait(answer.headers, now=now))


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ELSEWHERE
    except ValueError:
        return ELSEWHERE


def result_of_failure(failure: CallFailed) -> Result:
    """The class of a call without an answer."""
    return Result(OF_FAILURE[failure.kind], str(failure))


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.DELIVERED
    if 300 <= status < 400:
        return Outcome.REDIRECT
    if 400 <= status < 500:
        return OF_STATUS.get(status, Outcome.REFUSED_BODY)
    return Outcome.SERVER


def _wait(headers: dict[str, str], *, now: datetime) -> timedelta | None:
    """The longer of both, never past 24 h, never negative; what cannot be read counts as not said."""
    told = [
        _retry_after(headers.get("retry-after", ""), now=now),
        _reset(headers.get("x-ratelimit-reset", ""), now=now),
    ]
    waits = [wait for wait in told if wait is not None]
    return min(max(waits), LONGEST_WAIT) if waits else None


def _retry_after(text: str, *, now: datetime) -> timedelta | None:
    if text.strip().isascii() and text.strip().isdigit():
        return timedelta(seconds=min(int(text.strip()[:9]), 86400))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return max(at - now, timedelta(0)) if at.tzinfo else None


def _reset(text: str, *, now: datetime) -> timedelta | None:
    if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 11):
        return None
    return max(timedelta(seconds=int(text.strip()) - now.timestamp()), timedelta(0))
