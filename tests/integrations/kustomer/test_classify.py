import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.integrations.kustomer.classify import LONGEST_WAIT, Outcome, result_of_answer, result_of_failure
from reviews_app.integrations.kustomer.schedule import wait_after
from reviews_app.lib.outgoing_http import Answer, CallFailed, FailureKind

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (301, Outcome.REDIRECT),
        (400, Outcome.REFUSED_BODY),
        (401, Outcome.KEY),
        (403, Outcome.KEY),
        (404, Outcome.HOOK_MISSING),
        (408, Outcome.SERVER),
        (410, Outcome.HOOK_GONE),
        (413, Outcome.TOO_LARGE),
        (418, Outcome.REFUSED_BODY),
        (422, Outcome.REFUSED_BODY),
        (425, Outcome.SERVER),
        (429, Outcome.RATE),
        (500, Outcome.SERVER),
        (599, Outcome.SERVER),
    ],
)
def test_every_status_has_its_class(status: int, outcome: Outcome) -> None:
    assert result_of_answer(Answer(status), now=NOW).outcome is outcome


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_failure_has_its_class_and_words(kind: FailureKind) -> None:
    result = result_of_failure(CallFailed(kind, "In words."))
    assert (str(result.outcome), result.cause) == (str(kind), "In words.")


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "120"}, timedelta(seconds=120)),
        ({"retry-after": "Mon, 23 Nov 2026 12:05:00 GMT"}, timedelta(minutes=5)),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 90)}, timedelta(seconds=90)),
        ({"retry-after": "999999999"}, LONGEST_WAIT),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Mon, 23 Nov 2020 12:05:00 GMT"}, timedelta(0)),
        ({"x-ratelimit-reset": "99999999999999"}, None),
        ({}, None),
    ],
)
def test_a_told_wait_is_read_from_either_header(headers: dict[str, str], wait: timedelta | None) -> None:
    assert result_of_answer(Answer(503, headers), now=NOW).wait == wait


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_header_breaks_the_reading(after: str, reset: str) -> None:
    wait = result_of_answer(Answer(429, {"retry-after": after, "x-ratelimit-reset": reset}), now=NOW).wait
    assert wait is None or timedelta(0) <= wait <= LONGEST_WAIT


@given(st.integers(min_value=1, max_value=200), st.integers())
def test_the_schedule_is_never_early_and_a_fifth_late_at_most(failures: int, seed: int) -> None:
    steps = (5, 30, 120, 600, 1800, 3600)
    step = steps[failures - 1] if failures <= 6 else 7200
    wait = wait_after(failures, unit=1, spread=random.Random(seed)).total_seconds()
    assert step <= wait <= step * 1.2
