"""Which events are repeats, which are reviews, and that a restart forgets neither."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reviews_app.sandbox.outside.world import Events, event_data, iso

TEST = {"title": "Test from Larkspur: safe to delete"}


def events(folder: Path) -> Events:
    return Events(folder / "events.jsonl")


def told(event_id: Any, **review: Any) -> dict[str, Any]:
    return {"attributes": {"data": {"eventId": event_id, "review": {"title": "Fine"} | review}}}


def test_a_repeat_is_known_by_the_first_of_its_id_also_after_a_restart(tmp_path: Path) -> None:
    first = events(tmp_path)
    assert [first.add(told(one)) for one in ("a", "b", "a", "a")] == [1, 2, 3, 4]
    for one in (first, events(tmp_path)):
        assert (one.first_with("a"), one.first_with("b"), one.first_with("c")) == (1, 2, None)
        assert (one.review_count, one.repeat_count) == (2, 2)


def test_a_test_is_an_event_and_no_review(tmp_path: Path) -> None:
    kept = events(tmp_path)
    kept.add(told("a", **TEST))
    kept.add(told("b"))
    assert (kept.review_count, kept.repeat_count) == (1, 0)


@pytest.mark.parametrize("title", ["Test from Larkspur", "safe to delete", "test from L: safe to delete", "", None, 5])
def test_only_the_whole_title_of_a_test_makes_one(tmp_path: Path, title: Any) -> None:
    kept = events(tmp_path)
    kept.add(told("a", title=title))
    assert kept.review_count == 1


@pytest.mark.parametrize("nameless", [None, "", 0, False, []])
def test_events_without_an_id_are_no_repeats_of_each_other(tmp_path: Path, nameless: Any) -> None:
    kept = events(tmp_path)
    for _ in range(3):
        kept.add(told(nameless))
    assert (kept.review_count, kept.repeat_count) == (3, 0)


@pytest.mark.parametrize("data", [None, [], "words", 5, True])
def test_what_was_posted_and_is_no_object_says_nothing(data: Any) -> None:
    assert event_data({"attributes": {"data": data}}) == {}
    assert event_data({}) == {}


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "2026-11-23T12:00:00.000Z"),
        (datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=UTC), "2026-11-23T12:00:00.999Z"),
    ],
)
def test_times_are_written_as_kustomer_writes_them(at: datetime, written: str) -> None:
    assert iso(at) == written
