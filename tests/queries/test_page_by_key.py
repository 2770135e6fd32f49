"""The key of a page: what was written is read, and what nobody wrote is none."""

import base64
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.queries.page_by_key import read_key, write_key

ID = UUID("01a20b76-0f4a-7561-9b93-011f46bcb1dc")
AT = datetime(2026, 11, 23, 12, 0, 0, 123_457, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))]))


def coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@settings(deadline=None, max_examples=60)
@given(at=MOMENTS, row_id=st.uuids(), number=st.integers(-(2**70), 2**70))
def test_what_was_written_is_read_to_the_microsecond(at: datetime, row_id: UUID, number: int) -> None:
    key = write_key(number, at, row_id)
    assert read_key(key, int, datetime, UUID) == (number, at, row_id)
    assert key.isascii()
    assert not set(key) & set("=+/&?#% ")


@pytest.mark.parametrize("kinds", [(int, UUID), (int, datetime, UUID, int), (), (datetime, UUID, int)])
def test_a_key_of_another_list_is_none(kinds: tuple[Any, ...]) -> None:
    assert read_key(write_key(4, AT, ID), *kinds) is None


@pytest.mark.parametrize(
    "key",
    [
        "",
        "=",
        "a",
        "ä",
        "\ud800",
        "\x00",
        "A" * 100_000,
        coded("4"),
        coded("4.1"),
        coded(f"4.1.{ID.hex}."),
        coded(f"4.1.{ID.hex}.5"),
        coded(f"4,1,{ID.hex}"),
        coded(f"4.0x1.{ID.hex}"),
        coded(f"4.1e3.{ID.hex}"),
        coded(f"4.{10**40}.{ID.hex}"),
        coded(f"4.-{10**40}.{ID.hex}"),
        coded(f"{'9' * 5000}.1.{ID.hex}"),
        coded(f"4.1.{ID.hex[:-1]}"),
        coded(f"4.1.{ID.hex}0"),
        coded("4.1.not-an-id"),
        base64.urlsafe_b64encode(b"\xff\xfe.1.2").decode(),
    ],
)
def test_a_key_nobody_wrote_is_none(key: str) -> None:
    assert read_key(key, int, datetime, UUID) is None


@settings(deadline=None, max_examples=80)
@given(key=st.text(max_size=60))
def test_any_text_is_a_key_or_none(key: str) -> None:
    found = read_key(key, int, UUID)
    assert found is None or isinstance(found[1], UUID)


def test_the_first_and_the_last_moment_there_are_can_be_written() -> None:
    for at in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        assert read_key(write_key(at), datetime) == (at,)
