"""What any answer of Kustomer comes to, whatever its status, its words and its headers."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.integrations.kustomer.classify import LONGEST_WAIT, Outcome, result_of_answer
from reviews_app.lib.outgoing_http import Answer
from tests.fakes.clock import START

NOW = int(START.timestamp())


def answered(status: int, head: str = "", **headers: str) -> Answer:
    return Answer(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}, head=head)


def wait(**headers: str) -> timedelta | None:
    return result_of_answer(answered(503, **headers), now=START).wait


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_success_is_a_delivery(status: int) -> None:
    assert result_of_answer(answered(status), now=START).outcome is Outcome.DELIVERED


@pytest.mark.parametrize("status", [400, 402, 405, 406, 409, 415, 418, 422, 451, 499])
def test_a_refusal_without_a_class_of_its_own_is_about_the_review(status: int) -> None:
    assert result_of_answer(answered(status), now=START).outcome is Outcome.REFUSED_BODY


@pytest.mark.parametrize("status", [100, 199, 500, 502, 503, 504, 599, 600, 999, 0])
def test_what_is_no_answer_of_http_is_a_fault_of_the_server(status: int) -> None:
    assert result_of_answer(answered(status), now=START).outcome is Outcome.SERVER


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://elsewhere.example/x", "elsewhere.example"),
        ("", "another place"),
        ("/v1/else", "another place"),
        ("https://[", "another place"),
        ("https://elsewhere.example:port/", "elsewhere.example"),
        ("https://user:pass@elsewhere.example:8443/x?y#z", "elsewhere.example"),
    ],
)
def test_a_redirect_names_where_it_leads_and_nothing_more(location: str, said: str) -> None:
    result = result_of_answer(answered(307, location=location), now=START)
    assert result.outcome is Outcome.REDIRECT
    assert result.cause == f"The address sends us on to {said}. We do not follow."


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("86400", 86_400),
        ("86401", 86_400),
        ("9" * 50, 86_400),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("Mon, 23 Nov 2099 12:00:00 GMT", 86_400),
        ("Mon, 23 Nov 2026 13:01:00 +0100", 60),
    ],
)
def test_a_wait_that_was_asked_for_is_kept_within_a_day(header: str, seconds: int) -> None:
    assert wait(retry_after=header) == timedelta(seconds=seconds)


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "1e3", "٣", "Mon, 23 Nov 2026 12:01:00", "Mon, 99 Foo 1"])
def test_a_wait_nobody_can_read_was_not_asked_for(header: str) -> None:
    assert wait(retry_after=header) is None
    assert wait() is None


def test_of_two_waits_the_longer_counts() -> None:
    assert wait(retry_after="10", x_ratelimit_reset=str(NOW + 60)) == timedelta(seconds=60)
    assert wait(retry_after="90", x_ratelimit_reset=str(NOW + 60)) == timedelta(seconds=90)
    assert wait(retry_after="soon", x_ratelimit_reset=str(NOW - 60)) == timedelta(0)


@pytest.mark.parametrize("header", ["", "x", "-1", "9" * 12, "1.5", "٣"])
def test_a_reset_nobody_can_read_was_not_told(header: str) -> None:
    assert wait(x_ratelimit_reset=header) is None


PIECES = ["Mon", ",", " ", "23", "Nov", "2026", "12:01", ":00", "GMT", "+", "-", "9999", "0000", "99999", "(", ")", '"']


@settings(deadline=None, max_examples=150)
@given(
    status=st.integers(-1, 1200),
    head=st.text(max_size=30),
    told=st.text(max_size=20) | st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
    location=st.text(max_size=20),
)
def test_no_answer_breaks_the_sender(status: int, head: str, told: str, location: str) -> None:
    answer = answered(status, head, retry_after=told, x_ratelimit_reset=told, location=location)
    result = result_of_answer(answer, now=START)
    assert result.status == status
    assert result.wait is None or timedelta(0) <= result.wait <= LONGEST_WAIT
