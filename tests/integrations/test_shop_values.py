"""Another system's JSON, read without trust: whatever its shape, a value is taken or left out, and nothing breaks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.integrations import shop_values
from reviews_app.models.order_report import MOST_LINES, ReportRefused

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Whatever JSON can hold, and nothing that is text, a number, a list or an object at once.
NO_TEXT: list[Any] = [None, True, False, [], ["a"], {}, {"a": 1}]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b"[" * 5000, "not JSON"),
        (b"[]", "not one object"),
        (b'"words"', "not one object"),
        (b"null", "not one object"),
        (b"12", "not one object"),
    ],
)
def test_a_body_that_is_no_object_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(ReportRefused, match=words):
        shop_values.values_of(body)


def test_the_words_of_a_refused_body_fit_one_line_of_a_page() -> None:
    with pytest.raises(ReportRefused) as refused:
        shop_values.values_of(b'{"a":\n\n"' + b"x" * 10_000)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_of_a_name_said_twice_the_last_word_counts() -> None:
    assert shop_values.values_of(b'{"id": 1, "id": 2}') == {"id": 2}


@pytest.mark.parametrize("found", [None, True, "words", 5, 5.5, [{"a": 1}]])
def test_what_is_no_object_within_is_an_empty_one(found: Any) -> None:
    assert shop_values.part({"customer": found}, "customer") == {}
    assert shop_values.part({}, "customer") == {}


@pytest.mark.parametrize("found", [None, True, "words", 5, {"0": {"a": 1}}])
def test_what_is_no_list_within_is_an_empty_one(found: Any) -> None:
    assert shop_values.parts({"lines": found}, "lines") == []
    assert shop_values.parts({}, "lines") == []


def test_of_a_list_only_the_objects_are_taken() -> None:
    mixed = [{"a": 1}, None, "b", 5, [], [{"c": 2}], True, {}]
    assert shop_values.parts({"lines": mixed}, "lines") == [{"a": 1}, {}]


def test_a_list_is_taken_up_to_a_thousand_objects_and_refused_with_one_more() -> None:
    assert len(shop_values.parts({"lines": [{}] * MOST_LINES}, "lines")) == MOST_LINES
    with pytest.raises(ReportRefused, match="lines: 1001 are more than the 1000 we take"):
        shop_values.parts({"lines": [{}] * (MOST_LINES + 1)}, "lines")


def test_what_is_no_object_does_not_count_towards_the_thousand() -> None:
    assert len(shop_values.parts({"lines": [{}] * MOST_LINES + [None] * 50}, "lines")) == MOST_LINES


@pytest.mark.parametrize("found", NO_TEXT)
def test_what_is_neither_text_nor_number_is_no_text(found: Any) -> None:
    assert shop_values.text({"name": found}, "name") == ""


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("  Jon \n Snow\t", "Jon Snow"),
        ("Jon\x00Snow", "Jon Snow"),
        ("Jose\u0301", "Jos\u00e9"),
        ("a\u202eb", "a b"),
        (12, "12"),
        (-3, "-3"),
        (0, "0"),
        (1.5, "1.5"),
        (2**63, "9223372036854775808"),
        ("", ""),
        ("\u3000\u00a0", ""),
    ],
)
def test_a_text_is_one_clean_line(found: Any, said: str) -> None:
    assert shop_values.text({"name": found}, "name") == said


def test_a_text_is_cut_where_it_is_told_and_ends_without_a_blank() -> None:
    assert shop_values.text({"name": "abcd efgh"}, "name", most=5) == "abcd"
    assert shop_values.text({"name": "x" * 301}, "name") == "x" * 300


@pytest.mark.parametrize("found", [*NO_TEXT, 7, 1.5])
def test_a_description_that_is_no_text_is_none(found: Any) -> None:
    assert shop_values.paragraphs({"body": found}, "body") == ""


def test_a_description_keeps_its_lines_and_loses_its_tags() -> None:
    body = "<p>One <b>bold</b> word.</p><ul><li>First</li><li>Sec&ouml;nd</li></ul><script>x</script>"
    assert shop_values.paragraphs({"body": body}, "body") == "One bold word.\nFirst\nSecönd\nx"


@pytest.mark.parametrize(("found", "said"), [(5001, "5001"), ("gid/5", "gid/5"), (0, ""), ("0", ""), ("00", "00")])
def test_an_id_may_be_number_or_text_and_nought_is_none(found: Any, said: str) -> None:
    assert shop_values.identity({"id": found}) == said


@pytest.mark.parametrize("found", [*NO_TEXT, 0, "0", "", "  "])
def test_without_a_needed_id_there_is_no_report(found: Any) -> None:
    with pytest.raises(ReportRefused, match="order_id: is needed"):
        shop_values.needed_id({"order_id": found}, "order_id")


@pytest.mark.parametrize(
    ("found", "counted"),
    [
        (0, 0),
        (1, 1),
        (-1, 0),
        (-(2**63), 0),
        (100_000, 100_000),
        (100_001, 100_000),
        (2**64 - 1, 100_000),
        (True, 0),
        (2.0, 0),
        ("3", 0),
        (None, 0),
        ([4], 0),
    ],
)
def test_a_count_is_a_whole_number_within_reason(found: Any, counted: int) -> None:
    assert shop_values.count({"quantity": found}, "quantity") == counted


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-10T11:00:00-05:00", datetime(2026, 11, 10, 16, tzinfo=UTC)),
        ("2026-11-10T11:00:00Z", datetime(2026, 11, 10, 11, tzinfo=UTC)),
        ("2026-11-10T11:00:00", datetime(2026, 11, 10, 11, tzinfo=UTC)),
        ("2026-11-10", datetime(2026, 11, 10, tzinfo=UTC)),
        ("2026-11-10T11:00:00.123456789Z", datetime(2026, 11, 10, 11, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-10T05:45:00+05:45", datetime(2026, 11, 10, tzinfo=UTC)),
        ("2000-01-01T00:00:00Z", datetime(2000, 1, 1, tzinfo=UTC)),
    ],
)
def test_moments_of_any_zone_are_one_moment_in_utc(written: str, at: datetime) -> None:
    found = shop_values.moment({"at": written}, "at", now=NOW)
    assert (found, found and found.tzinfo) == (at, UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00",
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2026-02-30T00:00:00Z",
        "2026-11-10T25:00:00Z",
        "2028-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:59+14:00",
        1_763_000_000,
        1.5,
        None,
        True,
        [],
        {},
    ],
)
def test_what_no_shop_of_today_can_mean_is_no_moment(written: Any) -> None:
    assert shop_values.moment({"at": written}, "at", now=NOW) is None


def test_a_clock_may_be_a_day_ahead_and_not_a_second_more() -> None:
    def told(at: datetime) -> datetime | None:
        return shop_values.moment({"at": at.isoformat()}, "at", now=NOW)

    edge = NOW + timedelta(days=1)
    assert told(edge) == edge
    assert told(edge + timedelta(seconds=1)) is None


def test_a_clock_may_be_ahead_into_the_next_year() -> None:
    eve = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert shop_values.moment({"at": "2027-01-01T00:10:00Z"}, "at", now=eve) is not None


@pytest.mark.parametrize(
    ("candidates", "said"),
    [
        (("", "jon@example.com"), "jon@example.com"),
        (("no address", "jon@example.com", "arya@example.com"), "jon@example.com"),
        (("Jon <jon@example.com>",), None),
        (("a@example.com, b@example.com",), None),
        (("a@example.com b@example.com",), None),
        ((" jon@example.com ",), "jon@example.com"),
        (("x" * 250 + "@example.com",), None),
        ((), None),
    ],
)
def test_the_first_that_is_one_address_is_taken(candidates: tuple[str, ...], said: str | None) -> None:
    assert shop_values.address(*candidates) == said


@pytest.mark.parametrize(
    ("candidates", "said"),
    [
        (("de",), "DE"),
        (("", "DEU", "at"), "AT"),
        (("1A", "ÄÖ", "ﬁ", "D E"), None),
        (("\u0430\u0431",), None),
        ((), None),
        (("uk", "DE"), "GB"),
        (("", "EL"), "GR"),
    ],
)
def test_the_first_two_letter_code_is_the_country(candidates: tuple[str, ...], said: str | None) -> None:
    assert shop_values.country(*candidates) == said


@settings(deadline=None, max_examples=60)
@given(found=ANY_JSON)
def test_whatever_a_value_is_every_reading_of_it_gives_its_own_kind(found: Any) -> None:
    values = {"v": orjson.loads(orjson.dumps(found))}
    assert isinstance(shop_values.part(values, "v"), dict)
    assert all(isinstance(one, dict) for one in shop_values.parts(values, "v"))
    assert "\n" not in shop_values.text(values, "v")
    assert "<p>" not in shop_values.paragraphs(values, "v")
    assert 0 <= shop_values.count(values, "v") <= 100_000
    assert shop_values.identity(values, "v") != "0"
    at = shop_values.moment(values, "v", now=NOW)
    assert at is None or at.tzinfo is UTC
