from datetime import UTC, datetime, timedelta

import pytest

from reviews_app.integrations.own_shop.signature import TOLERANCE, is_own_signed, moment_of
from reviews_app.lib.signature import own_key
from tests.integrations.own_shop.signing import SECRET, sign

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BODY = b'{"id":"1001"}'


def holds(*, at: datetime = NOW, body: bytes = BODY, event_id: str = "evt_1", signatures: str | None = None) -> bool:
    timestamp = str(int(at.timestamp()))
    given = sign(BODY, event_id="evt_1", timestamp=timestamp) if signatures is None else signatures
    return is_own_signed(body, event_id=event_id, timestamp=timestamp, signatures=given, secret=SECRET, now=NOW)


def test_a_rightly_signed_call_holds() -> None:
    assert holds()
    assert own_key(SECRET)


def test_another_body_or_another_id_does_not() -> None:
    assert not holds(body=BODY + b" ")
    assert not holds(event_id="evt_2")


@pytest.mark.parametrize("sign_of", [1, -1])
def test_five_minutes_are_the_tolerance_both_ways(sign_of: int) -> None:
    assert holds(at=NOW + sign_of * TOLERANCE)
    assert not holds(at=NOW + sign_of * (TOLERANCE + timedelta(seconds=1)))


def test_one_right_signature_among_several_is_enough() -> None:
    right = sign(BODY, event_id="evt_1", timestamp=str(int(NOW.timestamp())))
    assert holds(signatures=f"v1,wrong {right} v2,other")


def test_past_ten_signatures_nobody_reads_on() -> None:
    right = sign(BODY, event_id="evt_1", timestamp=str(int(NOW.timestamp())))
    assert not holds(signatures=" ".join(["v1,wrong"] * 10 + [right]))


@pytest.mark.parametrize("signatures", ["", "v1,", "nonsense", "v2,abc", "v1,ä"])
def test_what_is_no_signature_never_holds(signatures: str) -> None:
    assert not holds(signatures=signatures)


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "1" * 13, "12.5", "١٢"])
def test_a_time_stamp_is_digits_alone(timestamp: str) -> None:
    right = sign(BODY, event_id="evt_1", timestamp=timestamp)
    assert not is_own_signed(BODY, event_id="evt_1", timestamp=timestamp, signatures=right, secret=SECRET, now=NOW)


@pytest.mark.parametrize("event_id", ["", "a b", "x" * 201, "ä"])
def test_an_id_is_a_short_word(event_id: str) -> None:
    stamp = str(int(NOW.timestamp()))
    right = sign(BODY, event_id=event_id, timestamp=stamp)
    assert not is_own_signed(BODY, event_id=event_id, timestamp=stamp, signatures=right, secret=SECRET, now=NOW)


def test_the_moment_of_a_stamp_is_utc() -> None:
    assert moment_of("1764000000") == datetime(2025, 11, 24, 16, 0, tzinfo=UTC)
