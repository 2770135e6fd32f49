"""Moments as a merchant reads them: in the store's own time zone, or as an age."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import g

from reviews_app.queries.span import span
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools

THIS_YEAR, ANOTHER_YEAR = "d MMM, HH:mm", "d MMM y, HH:mm"


@merchant.app_template_filter("store_time")
def store_time(at: datetime) -> str:
    """ "23 Nov, 14:02" in the zone of the store in view; with the year when it is not this one."""
    zone = ZoneInfo(g.member.store.time_zone)
    local, now = at.astimezone(zone), tools().clock().astimezone(zone)
    return str(format_datetime(local, THIS_YEAR if local.year == now.year else ANOTHER_YEAR, locale="en"))


@merchant.app_template_filter("store_second")
def store_second(at: datetime) -> str:
    """ "23 Nov 2026, 14:02:07" in the same zone; tries follow each other by seconds."""
    return str(format_datetime(at.astimezone(ZoneInfo(g.member.store.time_zone)), "d MMM y, HH:mm:ss", locale="en"))


@merchant.app_template_filter("store_day")
def store_day(at: datetime) -> str:
    """ "23 Nov 2026" in the same zone."""
    return str(format_datetime(at.astimezone(ZoneInfo(g.member.store.time_zone)), "d MMM y", locale="en"))


@merchant.app_template_filter("since")
def since(at: datetime) -> str:
    """ "40 s", "3 minutes"."""
    seconds = max(0, int((tools().clock() - at).total_seconds()))
    return f"{seconds} s" if seconds < 60 else span(at, tools().clock())


@merchant.app_template_filter("took")
def took(begin: datetime, end: datetime) -> str:
    """ "0.2 s"; a try that was taken back from a dead worker shows its minute."""
    return f"{max((end - begin).total_seconds(), 0.0):.1f} s"


@merchant.app_template_filter("thousands")
def thousands(count: int) -> str:
    """ "1,200"."""
    return f"{count:,}"


@merchant.app_template_filter("ago")
def ago(at: datetime) -> str:
    """ "3 minutes ago", "less than a minute ago"."""
    return f"{span(at, tools().clock())} ago"
