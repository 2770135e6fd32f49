"""A local hour as a moment, right on the days clocks are put forward or back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Nobody is written to later in the day, unless the hour itself is later.
EVENING = 21


def at_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """That hour of that day, in UTC.

    An hour the clocks leap over is the moment after the leap that is as far from midnight; of an hour that comes
    twice it is the first.
    """
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def next_hour(not_before: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The first moment at that local hour, not before the given one."""
    day = not_before.astimezone(zone).date()
    found = at_hour(day, hour, zone)
    while found < not_before:
        day += timedelta(days=1)
        found = at_hour(day, hour, zone)
    return found


def by_day(not_before: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The first moment between that local hour and the evening, not before the given one."""
    is_day = hour <= not_before.astimezone(zone).hour < max(EVENING, hour + 1)
    return not_before if is_day else next_hour(not_before, hour, zone)


def zone_of(*names: str | None) -> ZoneInfo:
    """The first of these names that is a zone's; UTC when none is."""
    for name in names:
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
