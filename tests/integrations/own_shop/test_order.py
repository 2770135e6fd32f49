"""An order as any shop may send it: read leniently where nothing hangs on it, refused in words where it would lie."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reviews_app.integrations.own_shop.order import order_report
from reviews_app.models.order import ConsentBasis
from reviews_app.models.order_report import MOST_LINES, OrderReport, ReportRefused

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def read(zone: ZoneInfo | None = None, **values: Any) -> OrderReport:
    return order_report({"id": "1001"} | values, as_of=NOW, now=NOW, zone=zone)


def refusal(**values: Any) -> str:
    with pytest.raises(ReportRefused) as refused:
        read(**values)
    return str(refused.value)


def test_cancelled_is_a_moment_a_yes_as_of_the_report_or_a_no() -> None:
    at = NOW - timedelta(days=1)
    told: list[dict[str, Any]] = [
        {"cancelled_at": at.isoformat(), "cancelled": True},
        {"cancelled_at": at.isoformat(), "cancelled": False},
        {"cancelled": True},
        {"cancelled": True, "updated_at": at.isoformat()},
        {"cancelled": False},
        {"cancelled": None},
    ]
    read_ones = [read(**values) for values in told]
    assert [one.cancelled_at for one in read_ones] == [at, at, NOW, at, None, None]
    assert [one.is_alive and one.cancelled_at is None for one in read_ones] == [False] * 4 + [True, False]


def test_an_id_alone_is_an_order_that_says_nothing_else() -> None:
    report = read()
    assert (report.shop_id, report.as_of) == ("1001", NOW)
    assert (report.email, report.lines, report.consent, report.fulfilled_at) == (None, None, None, None)
    assert not report.is_refunded


def test_a_number_as_id_is_taken_as_its_words() -> None:
    assert order_report({"id": 1001}, as_of=NOW, now=NOW).shop_id == "1001"


@pytest.mark.parametrize("nothing", [{}, {"id": ""}, {"id": "   "}])
def test_without_an_id_there_is_no_order(nothing: dict[str, Any]) -> None:
    with pytest.raises(ReportRefused, match="id: is needed"):
        order_report(nothing, as_of=NOW, now=NOW)


def test_what_the_shop_calls_its_moment_counts_not_when_it_came() -> None:
    assert read(updated_at="2026-11-23T10:00:00Z").as_of == datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour"),
    [("2026-11-23T14:05:00Z", 14), ("2026-11-23 14:05:00+01:00", 13), ("2026-11-23T14:05+0530", 8)],
)
def test_moments_are_read_with_their_zone(written: str, hour: int) -> None:
    at = read(placed_at=written).placed_at
    assert at is not None
    assert (at.tzinfo, at.hour) == (UTC, hour)


def test_a_moment_without_a_zone_needs_the_files() -> None:
    assert "placed_at: needs its time zone" in refusal(placed_at="2026-11-23T14:05:00")
    report = read(zone=ZoneInfo("Europe/Berlin"), placed_at="2026-11-23T14:05:00")
    assert report.placed_at == datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("yesterday", "is no date and time"),
        ("2026-02-30T10:00:00Z", "does not exist"),
        ("1970-01-01T00:00:00Z", "before the year 2000"),
        ((NOW + timedelta(days=3)).isoformat(), "lies in the future"),
        (1764000000, "is no date and time"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_with_its_place(written: Any, words: str) -> None:
    assert f"delivered_at: {words}" in refusal(delivered_at=written) or words in refusal(delivered_at=written)
    assert refusal(delivered_at=written).startswith("delivered_at: ")


def test_a_clock_that_runs_a_little_ahead_is_forgiven() -> None:
    at = NOW + timedelta(hours=3)
    assert read(fulfilled_at=at.isoformat()).fulfilled_at == at


@pytest.mark.parametrize(
    "address", ["ann", "ann@", "a@b.example, c@d.example", "Ann <ann@b.example>\nBcc: x@y.example"]
)
def test_two_addresses_or_half_a_one_are_refused(address: str) -> None:
    assert refusal(email=address).startswith("email: is not one email address")


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("country", "Germany", "two-letter country code"),
        ("locale", "german!", "language tag"),
        ("time_zone", "Berlin", "time zone such as Europe/Berlin"),
        ("lines", [{"product_id": "p", "quantity": 0}], "lines.0.quantity"),
        ("lines", [{"quantity": 1}], "lines.0.product_id: is needed"),
        ("consent", {"basis": "because"}, "consent.basis"),
    ],
)
def test_what_would_be_guessed_is_refused_at_its_place(field: str, wrong: Any, words: str) -> None:
    assert words in refusal(**{field: wrong})


def test_codes_are_tidied() -> None:
    report = read(country="de", locale="de_AT", email="Ann@Example.com")
    assert (report.country_code, report.locale) == ("DE", "de-AT")
    assert [read(country=code).country_code for code in ("UK", "el")] == ["GB", "GR"]


def test_lines_and_consent_come_whole() -> None:
    report = read(
        consent={"basis": ConsentBasis.OPT_IN.value, "text": "ticked at checkout", "at": "2026-11-20T09:00:00Z"},
        lines=[{"id": "l1", "product_id": 7, "variant": "Moss", "quantity": 3, "refunded_quantity": 1}],
    )
    assert report.consent is not None
    assert (report.consent.basis, report.consent.text) == (ConsentBasis.OPT_IN, "ticked at checkout")
    assert report.lines is not None
    line = report.lines[0]
    assert (line.product_id, line.shop_id, line.quantity, line.refunded_quantity) == ("7", "l1", 3, 1)


def test_an_empty_list_of_lines_says_none_while_silence_says_nothing() -> None:
    assert read(lines=[]).lines == ()
    assert read().lines is None


def test_more_lines_than_any_order_has_are_refused() -> None:
    assert "lines" in refusal(lines=[{"product_id": "p"}] * (MOST_LINES + 1))


def test_at_most_five_problems_are_told_at_once() -> None:
    with pytest.raises(ReportRefused) as refused:
        read(lines=[{"quantity": 0}] * 20)
    assert len(refused.value.problems) == 5


@pytest.mark.parametrize("values", [None, [], "order", 7])
def test_what_is_no_object_at_all_is_refused(values: Any) -> None:
    with pytest.raises(ReportRefused):
        order_report(values, as_of=NOW, now=NOW)


def test_fields_nobody_asked_for_are_left_alone() -> None:
    assert read(tax={"rate": 19}, note="x").shop_id == "1001"
