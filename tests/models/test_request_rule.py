"""After how many days a store asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.ids import new_id
from reviews_app.models.request_rule import RequestRule, default_rule
from tests.fakes.clock import START

DAYS = st.integers(0, 120)


def a_rule(delivered: int = 14, fulfilled: int = 21, abroad: int = 28) -> RequestRule:
    rule = default_rule(new_id())
    rule.days_after_delivery, rule.days_after_fulfilment, rule.days_abroad = delivered, fulfilled, abroad
    return rule


@pytest.mark.parametrize(
    ("is_delivered", "is_abroad", "days"), [(True, False, 14), (True, True, 14), (False, False, 21), (False, True, 28)]
)
def test_what_has_arrived_waits_alike_everywhere_and_what_is_under_way_longer_abroad(
    days: int, *, is_delivered: bool, is_abroad: bool
) -> None:
    assert a_rule().wait_days(is_delivered=is_delivered, is_abroad=is_abroad) == days


@pytest.mark.parametrize(
    ("is_delivered", "is_abroad", "days"), [(True, False, 3), (True, True, 3), (False, False, 10), (False, True, 17)]
)
def test_days_of_a_products_own_count_from_its_arrival_and_the_way_is_added(
    days: int, *, is_delivered: bool, is_abroad: bool
) -> None:
    assert a_rule().wait_days(is_delivered=is_delivered, is_abroad=is_abroad, chosen=3) == days


def test_no_days_of_its_own_is_another_thing_than_nought() -> None:
    rule = a_rule()
    assert rule.wait_days(is_delivered=True, is_abroad=False, chosen=0) == 0
    assert rule.wait_days(is_delivered=True, is_abroad=False, chosen=None) == 14


def test_a_way_shorter_than_nothing_is_no_way() -> None:
    rule = a_rule(delivered=30, fulfilled=10, abroad=10)
    assert rule.wait_days(is_delivered=False, is_abroad=False, chosen=5) == 5


@given(delivered=DAYS, fulfilled=DAYS, abroad=DAYS, chosen=DAYS)
def test_a_product_that_needs_the_usual_time_never_comes_before_one_without_days_of_its_own(
    delivered: int, fulfilled: int, abroad: int, chosen: int
) -> None:
    rule = a_rule(delivered, fulfilled, abroad)
    for is_abroad in (False, True):
        usual = rule.wait_days(is_delivered=False, is_abroad=is_abroad, chosen=delivered)
        assert usual >= rule.wait_days(is_delivered=False, is_abroad=is_abroad)
        assert rule.wait_days(is_delivered=False, is_abroad=is_abroad, chosen=chosen) >= chosen


def test_a_store_that_has_said_nothing_asks_nobody() -> None:
    rule = default_rule(new_id())
    assert (rule.is_on, rule.is_stopped) == (False, False)


def test_stopped_is_another_thing_than_off() -> None:
    rule = default_rule(new_id())
    rule.on_since = rule.stopped_at = START
    assert (rule.is_on, rule.is_stopped) == (True, True)
