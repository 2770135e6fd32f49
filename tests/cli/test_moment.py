"""The moment a command acts as of: with its zone, or refused in words."""

from datetime import UTC, datetime, timedelta

import click
import pytest

from reviews_app.cli.moment import Moment


def read(text: str) -> datetime:
    return Moment().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-12-08T10:00:00Z", datetime(2026, 12, 8, 10, tzinfo=UTC)),
        ("2026-12-08T10:00:00+01:00", datetime(2026, 12, 8, 9, tzinfo=UTC)),
        ("2026-12-08 10:00-05:00", datetime(2026, 12, 8, 15, tzinfo=UTC)),
        ("20261208T100000Z", datetime(2026, 12, 8, 10, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_with_its_zone(text: str, at: datetime) -> None:
    found = read(text)
    assert (found, found.utcoffset() is not None) == (at, True)
    assert found - at == timedelta(0)


@pytest.mark.parametrize("text", ["2026-12-08T10:00:00", "2026-12-08"])
def test_a_moment_that_could_be_any_of_24_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="needs a zone"):
        read(text)


@pytest.mark.parametrize("text", ["", "now", "tomorrow", "2026-02-30T10:00:00Z", "2026-12-08T25:00:00Z", "1796720400"])
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="It looks like 2026-12-08T10:00:00Z"):
        read(text)
