"""Whether the stand-in Kustomer takes a request: the first rule that refuses it decides."""

from dataclasses import replace

import orjson
import pytest

from reviews_app.sandbox.demo_key import DemoKey
from reviews_app.sandbox.outside.behaviour import Behaviour
from reviews_app.sandbox.outside.verdict import EXPIRED, LARGEST_BODY, Verdict, error_body, judge

KEY = DemoKey(org="o" * 24, hook="h" * 24, key="right-key", former_keys=("first-key", "second-key"))


def judged(
    body: bytes = b"{}",
    *,
    authorization: str = "Bearer right-key",
    path: str = KEY.path,
    key: DemoKey = KEY,
    behaviour: Behaviour | None = None,
) -> Verdict:
    return judge(key, behaviour or Behaviour(), path=path, authorization=authorization, body=body)


def test_a_right_request_is_taken_with_what_it_says() -> None:
    verdict = judged(b'{"eventId": "1"}')
    assert (verdict.status, verdict.data, verdict.is_taken) == (200, {"eventId": "1"}, True)


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"5", b"null"])
def test_any_json_is_taken_as_kustomer_does(body: bytes) -> None:
    assert judged(body).is_taken


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"{'a': 1}"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    assert judged(body) == Verdict(400, "The body is not JSON")


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic right-key", "right-key", "Bearer wrong", "Bearer RIGHT-KEY", "Bearer right-key x"],
)
def test_without_the_key_nothing_is_taken(authorization: str) -> None:
    assert judged(authorization=authorization) == Verdict(401, "Unauthorized")


@pytest.mark.parametrize("authorization", ["bearer right-key", "BEARER right-key", "Bearer  right-key "])
def test_the_word_before_the_key_may_be_written_in_any_capitals(authorization: str) -> None:
    assert judged(authorization=authorization).is_taken


@pytest.mark.parametrize("former", KEY.former_keys)
def test_a_key_of_before_is_known_as_expired(former: str) -> None:
    assert judged(authorization=f"Bearer {former}") == Verdict(401, EXPIRED)


def test_a_key_that_ran_out_is_expired_and_a_wrong_one_is_wrong() -> None:
    over = replace(KEY, is_expired=True)
    assert judged(key=over) == Verdict(401, EXPIRED)
    assert judged(key=over, authorization="Bearer wrong") == Verdict(401, "Unauthorized")


@pytest.mark.parametrize("path", ["/", KEY.path + "/", KEY.path.upper(), KEY.path[:-1], "/v1/hooks/web/"])
def test_at_any_other_address_there_is_no_hook_whatever_the_key(path: str) -> None:
    assert judged(path=path) == Verdict(404, "Not Found")
    assert judged(path=path, authorization="") == Verdict(404, "Not Found")


def test_a_body_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    assert judged(b'"' + b"x" * (LARGEST_BODY - 2) + b'"').is_taken
    assert judged(b'"' + b"x" * (LARGEST_BODY - 1) + b'"') == Verdict(413, "Request Entity Too Large")


def test_a_stranger_is_not_told_that_a_body_is_too_large() -> None:
    assert judged(b"x" * (LARGEST_BODY + 1), authorization="Bearer wrong").status == 401


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422, 429, 500, 503, 599])
def test_a_forced_refusal_comes_before_every_other_rule(status: int) -> None:
    verdict = judged(b"{", authorization="", path="/", behaviour=Behaviour(status=status))
    assert (verdict.status, verdict.is_taken) == (status, False)
    assert verdict.words


def test_a_forced_refusal_may_speak_of_an_expired_key() -> None:
    assert judged(behaviour=Behaviour(status=401, body="expired")).words == EXPIRED


def test_pointing_elsewhere_is_a_redirect_unless_another_status_is_asked_for() -> None:
    assert judged(behaviour=Behaviour(redirect_to="https://example.com")).status == 302
    assert judged(behaviour=Behaviour(redirect_to="https://example.com", status=308)).status == 308


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_forced_success_still_asks_for_the_key(status: int) -> None:
    assert judged(behaviour=Behaviour(status=status)).status == status
    assert judged(behaviour=Behaviour(status=status), authorization="").status == 401


@pytest.mark.parametrize("verdict", [Verdict(401, EXPIRED), Verdict(422, "Unprocessable Entity"), Verdict(418, "")])
def test_a_refusal_reads_as_kustomer_words_it(verdict: Verdict) -> None:
    (error,) = orjson.loads(error_body(verdict))["errors"]
    assert (error["status"], error["title"]) == (verdict.status, verdict.words)
    assert error["code"] == verdict.words.lower().replace(" ", "_")
