from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.country_zone import main_zone
from reviews_app.lib.local_hour import at_hour, by_day, next_hour, zone_of

ZONES = st.sampled_from(sorted(name for name in available_timezones() if "/" in name)).map(ZoneInfo)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
HOURS = st.integers(0, 23)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("America/New_York", "2026-03-07T15:00", "2026-03-08T14:00"),
        ("America/New_York", "2026-10-31T14:00", "2026-11-01T15:00"),
        ("Europe/Berlin", "2026-03-28T09:00", "2026-03-29T08:00"),
        ("Europe/Berlin", "2026-10-24T08:00", "2026-10-25T09:00"),
        ("Australia/Sydney", "2026-10-03T00:00", "2026-10-03T23:00"),
        ("Australia/Sydney", "2026-04-03T23:00", "2026-04-05T00:00"),
    ],
)
def test_ten_in_the_morning_stays_ten_in_the_morning_when_clocks_change(zone: str, before: str, after: str) -> None:
    for moment in (before, after):
        expected = datetime.fromisoformat(f"{moment}:00+00:00")
        local = expected.astimezone(ZoneInfo(zone))
        assert local.hour == 10
        assert at_hour(local.date(), 10, ZoneInfo(zone)) == expected


def test_an_hour_that_is_leapt_over_is_the_one_after_it() -> None:
    # In Berlin 02:00 to 03:00 of that night is not there.
    assert at_hour(date(2026, 3, 29), 2, ZoneInfo("Europe/Berlin")).isoformat() == "2026-03-29T01:00:00+00:00"


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    # In Berlin 02:00 to 03:00 of that night comes twice, at 00:00 and at 01:00 UTC.
    assert at_hour(date(2026, 10, 25), 2, ZoneInfo("Europe/Berlin")).isoformat() == "2026-10-25T00:00:00+00:00"


@given(DAYS, HOURS, ZONES)
def test_a_day_has_the_hour_once_and_on_that_day_or_just_after_a_leap(day: date, hour: int, zone: ZoneInfo) -> None:
    found = at_hour(day, hour, zone)
    local = found.astimezone(zone)
    leapt = (local.replace(tzinfo=None) - datetime.combine(day, datetime.min.time())) - timedelta(hours=hour)
    assert timedelta() <= leapt <= timedelta(hours=24)
    exists = datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC).astimezone(zone).hour == hour
    assert (local.date(), local.hour) == (day, hour) if exists else leapt > timedelta()


@given(DAYS, HOURS, ZONES)
def test_a_later_day_is_never_an_earlier_moment(day: date, hour: int, zone: ZoneInfo) -> None:
    assert at_hour(day, hour, zone) < at_hour(day + timedelta(days=2), hour, zone)


@given(MOMENTS, HOURS, ZONES)
def test_the_next_hour_is_the_first_from_then_on(moment: datetime, hour: int, zone: ZoneInfo) -> None:
    found = next_hour(moment, hour, zone)
    assert moment <= found <= moment + timedelta(hours=50)
    assert at_hour(
        found.astimezone(zone).date() - timedelta(days=1), hour, zone
    ) < moment or found - moment < timedelta(hours=26)


def test_an_unknown_zone_gives_way_to_the_next() -> None:
    assert zone_of("Mars/Olympus", "", None, "../etc", "Asia/Tokyo").key == "Asia/Tokyo"
    assert zone_of(None).key == "UTC"


@pytest.mark.parametrize(
    ("country", "zone"),
    [("US", "America/New_York"), ("DE", "Europe/Berlin"), ("JP", "Asia/Tokyo"), ("IN", "Asia/Kolkata"), ("ZZ", None)],
)
def test_a_country_has_the_zone_of_most_of_its_people(country: str, zone: str | None) -> None:
    assert main_zone(country) == zone


def test_no_country_has_no_zone() -> None:
    assert main_zone(None) is None


@pytest.mark.parametrize(
    ("hour", "now", "allowed"),
    [
        (10, (1, 10), (1, 10)),
        (10, (1, 20), (1, 20)),
        (10, (1, 21), (2, 10)),
        (10, (1, 3), (1, 10)),
        (22, (1, 22), (1, 22)),
        (22, (1, 23), (2, 22)),
        (0, (1, 20), (1, 20)),
        (0, (1, 21), (2, 0)),
    ],
)
def test_by_day_is_from_the_hour_until_the_evening(hour: int, now: tuple[int, int], allowed: tuple[int, int]) -> None:
    zone = ZoneInfo("Asia/Tokyo")
    moment, expected = (datetime(2026, 12, day, at, 0, tzinfo=zone) for day, at in (now, allowed))
    assert by_day(moment, hour, zone) == expected
