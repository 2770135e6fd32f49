"""From an order told by a signed webhook to the mails a real server got, the clock moved by `--at`."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, transaction
from reviews_app.factory import create_app
from reviews_app.models.callback import CallbackSource
from reviews_app.services.callback_secret import make_callback_secret
from tests.factories.request_rule import make_rule
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.shop import Shop
from tests.fakes.smtp import KeptMail, smtp_server
from tests.fakes.tools import fake_tools

SPRING, AUTUMN = "spring", "autumn"
# Six zones with the days of 2027 on which their clocks go forward and back.
CHANGES = {
    "America/New_York": (date(2027, 3, 14), date(2027, 11, 7)),
    "Europe/Berlin": (date(2027, 3, 28), date(2027, 10, 31)),
    "Africa/Cairo": (date(2027, 4, 30), date(2027, 10, 29)),
    "America/Santiago": (date(2027, 9, 5), date(2027, 4, 4)),
    "Australia/Sydney": (date(2027, 10, 3), date(2027, 4, 4)),
    "Pacific/Auckland": (date(2027, 9, 26), date(2027, 4, 4)),
}


@pytest.fixture
def inbox() -> Iterator[KeptMail]:
    with smtp_server() as kept:
        yield kept


@pytest.fixture
def app(settings: Settings, clock: FakeClock, inbox: KeptMail) -> Iterator[Flask]:
    made = create_app(tools=fake_tools(settings.model_copy(update={"smtp_url": inbox.url}), clock))
    yield made
    dispose_database(made)


@pytest.fixture
def shop(app: Flask, clock: FakeClock) -> Shop:
    return open_shop(app, clock)


def open_shop(app: Flask, clock: FakeClock, **rule: Any) -> Shop:
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        make_rule(writing, store, **rule)
        keyring = app.extensions["tools"].keyring
        secret = make_callback_secret(writing, store, CallbackSource.OWN, keyring=keyring, clock=clock)
    return Shop(app.test_client(), clock, "larkspur", {"own": secret})


def order(number: int = 1, **values: Any) -> dict[str, Any]:
    told = {
        "id": str(number),
        "email": f"buyer{number}@example.com",
        "country": "US",
        "time_zone": "America/New_York",
        "placed_at": "2026-11-20T09:00:00Z",
        "fulfilled_at": "2026-11-22T09:00:00Z",
        "lines": [{"id": "a", "product_id": "p-1", "title": "Ridge Daypack"}],
    }
    return told | values


def at(app: Flask, moment: str | datetime) -> str:
    shown = moment if isinstance(moment, str) else moment.isoformat()
    return app.test_cli_runner().invoke(args=["send-due-requests", "--at", shown]).output


def recipients(inbox: KeptMail) -> list[str]:
    return [one.rcpt_tos[0] for one in inbox.envelopes]


def test_an_order_of_today_gets_its_mail_and_its_reminder_and_nothing_more(
    app: Flask, shop: Shop, inbox: KeptMail
) -> None:
    assert shop.tell("orders", order(delivered_at="2026-11-23T10:00:00Z")).status_code == 200
    # Two weeks after delivery, at ten in New York.
    assert at(app, "2026-12-07T14:59:59Z") == "requests settled: 0\nmails sent: 0\n"
    assert at(app, "2026-12-07T15:00:00Z") == "requests settled: 1\nmails sent: 1\n"
    assert at(app, "2026-12-07T15:00:00Z") == "requests settled: 0\nmails sent: 0\n"
    assert at(app, "2026-12-14T14:59:59Z") == "requests settled: 0\nmails sent: 0\n"
    assert at(app, "2026-12-14T15:00:00Z") == "requests settled: 1\nmails sent: 1\n"
    for day in range(15, 32):
        assert at(app, f"2026-12-{day}T15:00:00Z") == "requests settled: 0\nmails sent: 0\n"
    assert recipients(inbox) == ["buyer1@example.com"] * 2


def test_delivered_late_told_late_or_twice_it_is_one_mail(app: Flask, shop: Shop, inbox: KeptMail) -> None:
    shop.tell("orders", order())
    for _ in range(2):
        shop.tell("orders", {"id": "1", "delivered_at": "2026-11-23T10:00:00Z"})
    shop.tell("orders", order(updated_at="2026-11-20T10:00:00Z"))
    at(app, "2026-12-07T15:00:00Z")
    at(app, "2026-12-13T15:00:00Z")
    assert len(inbox.envelopes) == 1


@pytest.mark.parametrize(
    "later",
    [
        {"cancelled_at": "2026-11-23T11:00:00Z"},
        {"refunded": True},
        {"lines": [{"id": "a", "product_id": "p-1", "refunded_quantity": 1}]},
        {"consent": {"basis": "refused"}},
    ],
)
def test_what_the_shop_tells_later_takes_the_mail_back(
    app: Flask, shop: Shop, inbox: KeptMail, later: dict[str, Any]
) -> None:
    shop.tell("orders", order())
    shop.tell("orders", {"id": "1", "updated_at": "2026-11-23T11:30:00Z"} | later)
    for week in range(10):
        at(app, datetime(2026, 12, 13, 15, tzinfo=UTC) + timedelta(weeks=week))
    assert inbox.envelopes == []


def test_a_mail_in_germany_without_a_basis_is_impossible(app: Flask, shop: Shop, inbox: KeptMail) -> None:
    shop.tell("orders", order(1, country="DE"))
    shop.tell("orders", order(2, country="DE", consent={"basis": "existing_customer", "text": "You may say no."}))
    at(app, "2027-01-30T15:00:00Z")
    assert recipients(inbox) == ["buyer2@example.com"]


def test_a_standstill_of_two_hours_delays_and_doubles_nothing(app: Flask, shop: Shop, inbox: KeptMail) -> None:
    for number in range(5):
        shop.tell("orders", order(number))
    for _ in range(2):
        at(app, "2026-12-13T17:00:00Z")
    assert sorted(recipients(inbox)) == [f"buyer{number}@example.com" for number in range(5)]


def test_at_a_moment_that_stands_still_more_mails_leave_than_the_pace_of_a_second(
    settings: Settings, clock: FakeClock, inbox: KeptMail
) -> None:
    """Twelve of a store, of which ten may leave within one second."""
    own = settings.model_copy(update={"smtp_url": inbox.url, "mail_per_second_store": default_pace()})
    app = create_app(tools=fake_tools(own, clock))
    shop = open_shop(app, clock)
    for number in range(12):
        shop.tell("orders", order(number))
    assert default_pace() < 12
    assert at(app, "2026-12-13T15:00:00Z") == "requests settled: 12\nmails sent: 12\n"
    assert len(recipients(inbox)) == 12
    dispose_database(app)


def default_pace() -> float:
    pace: float = Settings.model_fields["mail_per_second_store"].default
    return pace


@pytest.mark.parametrize("hour", [10, 2, 0])
def test_ten_o_clock_two_and_midnight_come_once_in_six_zones_when_clocks_change(
    app: Flask, clock: FakeClock, inbox: KeptMail, hour: int
) -> None:
    """At two an hour is missing or comes twice in most of them, at midnight in Cairo and Santiago."""
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    shop = open_shop(app, clock, hour=hour, days_after_delivery=2, reminders=0)
    moments: list[tuple[datetime, str]] = []
    for number, (zone, day) in enumerate((zone, day) for zone, days in CHANGES.items() for day in days):
        local = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)) - timedelta(days=2)
        clock.now = local.astimezone(UTC)
        told = order(number, time_zone=zone, placed_at=local.isoformat(), fulfilled_at=local.isoformat())
        assert shop.tell("orders", told | {"delivered_at": local.isoformat()}).status_code == 200
        moments.append((first_at(day, hour, zone), f"buyer{number}@example.com"))
    for moment, buyer in sorted(moments):
        at(app, moment - timedelta(minutes=5))
        assert buyer not in recipients(inbox)
        for minutes in (0, 60):
            at(app, moment + timedelta(minutes=minutes))
        [mail] = [one for one in inbox.envelopes if one.rcpt_tos == [buyer]]
        assert isinstance(mail.content, bytes)
        sent = message_from_bytes(mail.content, policy=default)["Date"].datetime
        assert timedelta() <= sent - moment <= timedelta(minutes=5)
    assert len(inbox.envelopes) == 12


def first_at(day: date, hour: int, zone: str) -> datetime:
    """By walking through the day a quarter of an hour at a time: when its clocks first show the hour, or have leapt."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    while True:
        local = moment.astimezone(ZoneInfo(zone))
        if local.date() == day and local.hour >= hour:
            return moment
        moment += timedelta(minutes=15)
