"""What a shop said in any order and any number of times, and what of it holds."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from reviews_app.models.shop_facts import ShopFacts
from tests.fakes.clock import START

HOUR = timedelta(hours=1)


def facts(*reports: tuple[datetime, dict[str, Any]]) -> ShopFacts:
    known = ShopFacts(known={})
    for as_of, newest in reports:
        known.learn(as_of, newest=newest)
    return known


def test_before_any_report_nothing_is_known() -> None:
    known = ShopFacts(known={})
    assert (known.newest("name"), known.newest_stamp("name"), known.first("left"), known.moment("left")) == (
        None,
        "",
        None,
        None,
    )
    assert (known.most("refunded"), known.counts("")) == (0, {})


def test_a_forgotten_person_stays_forgotten_whatever_is_told_later() -> None:
    known = facts((START, {"name": "Jon", "email": "jon@example.com", "consent": ["opt_in", "Yes", None], "n": 1}))
    known.forget_person()
    known.learn(START + HOUR, newest={"name": "Jon Snow", "consent": ["refused", "No", None], "n": 2})
    known.learn(START - HOUR, newest={"email": "old@example.com"}, most={"back": 1})
    assert known.is_erased
    assert [known.newest(name) for name in ("name", "email", "consent", "n")] == ["", "", ["refused", "", None], 2]
    assert known.most("back") == 1


def test_a_report_that_says_nothing_teaches_nothing() -> None:
    known = ShopFacts(known={})
    assert not known.learn(START)
    assert not known.learn(START, newest={"name": None}, first={"left": None}, most={})
    assert known.known == {}


def test_the_newest_word_stays_whichever_came_first() -> None:
    early, late = (START, {"name": "Jon"}), (START + HOUR, {"name": "Aegon"})
    assert facts(early, late).newest("name") == facts(late, early).newest("name") == "Aegon"


def test_silence_takes_nothing_back() -> None:
    assert facts((START, {"name": "Jon"}), (START + HOUR, {"name": None})).newest("name") == "Jon"


@pytest.mark.parametrize("empty", ["", 0, False, [], {}])
def test_an_empty_value_is_no_silence(empty: Any) -> None:
    assert facts((START, {"name": "Jon"}), (START + HOUR, {"name": empty})).newest("name") == empty


def test_of_two_words_of_one_moment_the_same_one_stays_in_either_order() -> None:
    one, other = (START, {"name": "Jon"}), (START, {"name": "Aegon"})
    assert facts(one, other).newest("name") == facts(other, one).newest("name")


def test_a_microsecond_later_is_later() -> None:
    later = START + timedelta(microseconds=1)
    assert facts((later, {"name": "Aegon"}), (START, {"name": "Jon"})).newest("name") == "Aegon"


def test_whole_seconds_and_parts_of_one_are_told_apart() -> None:
    part = START.replace(microsecond=500_000)
    assert facts((part, {"name": "late"}), (START, {"name": "early"})).newest("name") == "late"
    assert facts((part, {"name": "early"}), (START + timedelta(seconds=1), {"name": "late"})).newest("name") == "late"


def test_each_name_is_as_new_as_its_own_report() -> None:
    known = facts((START + HOUR, {"name": "Jon"}), (START, {"name": "Aegon", "email": "jon@example.com"}))
    assert (known.newest("name"), known.newest("email")) == ("Jon", "jon@example.com")
    assert known.newest_stamp("name") > known.newest_stamp("email") > ""


def test_a_report_merged_twice_says_that_nothing_is_new() -> None:
    known = ShopFacts(known={})
    told: dict[str, Any] = {"newest": {"name": "Jon"}, "first": {"left": START}, "most": {"refunded:1": 2}}
    assert known.learn(START, **told)
    assert not known.learn(START, **told)


def test_an_older_report_that_loses_everywhere_is_nothing_new() -> None:
    known = facts((START, {"name": "Jon"}))
    assert not known.learn(START - HOUR, newest={"name": "Aegon"})


def test_the_earliest_moment_stays_so_what_has_ended_has() -> None:
    known = ShopFacts(known={})
    for at in (START + HOUR, START, START + HOUR):
        known.learn(at, first={"cancelled": at})
    assert known.first("cancelled") == START
    known.learn(START + HOUR, first={"cancelled": None})
    assert known.first("cancelled") == START


def test_the_largest_count_stays() -> None:
    known = ShopFacts(known={})
    assert known.learn(START, most={"refunded:1": 2})
    assert not known.learn(START + HOUR, most={"refunded:1": 1})
    assert known.learn(START - HOUR, most={"refunded:1": 3})
    assert (known.most("refunded:1"), known.most("refunded:2")) == (3, 0)


def test_counts_are_found_by_how_their_names_begin() -> None:
    known = ShopFacts(known={})
    known.learn(START, most={"refund:a:1": 2, "refund:a:2": 1, "refund:b:1": 5, "other": 9})
    assert known.counts("refund:a:") == {"refund:a:1": 2, "refund:a:2": 1}
    assert known.counts("refund:") == {"refund:a:1": 2, "refund:a:2": 1, "refund:b:1": 5}
    assert known.counts("none") == {}


def test_a_value_kept_as_a_moment_is_read_as_one() -> None:
    known = facts((START, {"left": (START - HOUR).isoformat()}))
    assert known.moment("left") == START - HOUR


def test_the_same_name_in_two_kinds_of_facts_is_two_facts() -> None:
    known = ShopFacts(known={})
    known.learn(START, newest={"left": "word"}, first={"left": START}, most={"left": 4})
    assert (known.newest("left"), known.first("left"), known.most("left")) == ("word", START, 4)


def test_a_row_that_never_held_anything_learns_like_an_empty_one() -> None:
    known = ShopFacts()
    assert known.learn(START, newest={"name": "Jon"})
    assert known.newest("name") == "Jon"


def test_reports_of_shops_in_other_zones_are_put_in_the_order_they_were_made() -> None:
    tokyo = timezone(timedelta(hours=9))
    earlier = (START - HOUR).astimezone(tokyo)
    assert facts((START, {"name": "late"}), (earlier, {"name": "early"})).newest("name") == "late"
    known = ShopFacts(known={})
    known.learn(START, first={"cancelled": START})
    known.learn(START, first={"cancelled": earlier})
    assert known.first("cancelled") == START - HOUR
    assert known.first("cancelled") == datetime(2026, 11, 23, 11, tzinfo=UTC)
