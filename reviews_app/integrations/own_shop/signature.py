"""Our own calls are signed as Standard Webhooks says: the id, the moment and the raw body, with points between."""

import re
from datetime import UTC, datetime, timedelta

from reviews_app.lib.signature import is_signed, own_key

# Five minutes, both ways: the tolerance of Standard Webhooks.
TOLERANCE = timedelta(minutes=5)
SECONDS = re.compile(r"[0-9]{1,12}")
EVENT_ID = re.compile(r"[\x21-\x7e]{1,200}")


def is_own_signed(body: bytes, *, event_id: str, timestamp: str, signatures: str, secret: str, now: datetime) -> bool:
    """Whether any `v1,...` of the header is right and the moment is at most five minutes from now."""
    if not EVENT_ID.fullmatch(event_id) or not SECONDS.fullmatch(timestamp):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    signed = f"{event_id}.{timestamp}.".encode() + body
    given = [one.removeprefix("v1,") for one in signatures.split(" ")[:10] if one.startswith("v1,")]
    return any(is_signed(one, key=own_key(secret), payload=signed) for one in given)


def moment_of(timestamp: str) -> datetime:
    """The moment of a checked time stamp."""
    return datetime.fromtimestamp(int(timestamp), UTC)
