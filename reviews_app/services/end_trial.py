"""A new key or address replaces the ones before only when a review arrived with it."""

from datetime import datetime
from enum import StrEnum

from reviews_app.integrations.kustomer.classify import Outcome, Result
from reviews_app.models.destination import Destination

# The key was taken, whatever became of this one review.
TAKEN = frozenset({Outcome.DELIVERED, Outcome.REFUSED_BODY, Outcome.TOO_LARGE})
REFUSED = frozenset(
    {
        Outcome.KEY,
        Outcome.HOOK_GONE,
        Outcome.HOOK_MISSING,
        Outcome.REDIRECT,
        Outcome.CERTIFICATE,
        Outcome.ADDRESS_REFUSED,
    }
)


class Trial(StrEnum):
    """How a trial stands after a try."""

    PASSED = "passed"
    FAILED = "failed"
    GOES_ON = "goes_on"


def end_trial(destination: Destination, result: Result, *, now: datetime) -> Trial:
    """Keep what was on trial, drop it, or go on: a Kustomer that is down says nothing about a key.

    With nothing on trial any more, as when another try has ended it, the result counts like any other.
    """
    if destination.next_key is None or result.outcome not in TAKEN | REFUSED:
        return Trial.GOES_ON
    if result.outcome in TAKEN:
        destination.keep(destination.next_key, destination.next_url)
        destination.saved_at = now
        return Trial.PASSED
    destination.keep(destination.api_key, destination.api_url)
    destination.reason_detail = (
        f"What you saved last was tried with one review and refused. {result.cause} The key and address before it stay."
    )
    return Trial.FAILED
