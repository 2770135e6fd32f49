from datetime import timedelta

import pytest

from reviews_app.queries.span import span
from tests.fakes.clock import START


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (3600, "1 hour"),
        (86_399, "23 hours"),
        (86_400, "1 day"),
        (40 * 86_400, "40 days"),
    ],
)
def test_time_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert span(START, START + timedelta(seconds=seconds)) == words
