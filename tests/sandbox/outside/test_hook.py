from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sandbox.outside.running import RunningOutside, running_outside

Review = dict[str, Any]


def test_a_review_is_kept_in_kustomers_envelope(outside: RunningOutside, review: Review) -> None:
    answer = outside.post(review)
    assert answer.status_code == 200
    assert answer.json()
    (event,) = outside.events()
    assert event["type"] == "transaction"
    assert event["attributes"]["data"] == review
    assert event["attributes"]["createdAt"].endswith("Z")
    assert event["relationships"]["hook"]["links"]["self"] == outside.world.demo_key.path
    assert event["relationships"]["org"]["data"]["type"] == "org"
    assert len(event["id"]) == 24


def test_events_stand_oldest_first(outside: RunningOutside, review: Review) -> None:
    for number in range(3):
        outside.post(review | {"eventId": str(number)})
    assert [event["attributes"]["data"]["eventId"] for event in outside.events()] == ["0", "1", "2"]


def test_an_unknown_key_is_unauthorized(outside: RunningOutside, review: Review) -> None:
    answer = outside.post(review, key="a.b.c")
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["title"] == "Unauthorized"
    assert outside.events() == []


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic abc", "Bearer ké.y.z"])
def test_a_request_without_a_bearer_key_is_unauthorized(outside: RunningOutside, authorization: str) -> None:
    headers = {"Authorization": authorization.encode("latin-1")}
    assert requests.post(outside.hook, json={}, headers=headers, timeout=10).status_code == 401


def test_an_expired_key_is_told_so_in_kustomers_words(outside: RunningOutside, review: Review) -> None:
    outside.press("/kustomer/key/expire")
    answer = outside.post(review)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["title"] == "Expired token"


def test_a_renewed_key_is_taken_again(outside: RunningOutside, review: Review) -> None:
    outside.press("/kustomer/key/expire")
    outside.press("/kustomer/key/renew")
    assert outside.post(review).status_code == 200


def test_a_fresh_key_works_and_the_former_is_expired(outside: RunningOutside, review: Review) -> None:
    former = outside.world.demo_key.key
    fresh = outside.press("/kustomer/key").json()
    assert fresh["api_url"] == outside.hook
    assert outside.post(review, key=fresh["key"]).status_code == 200
    assert outside.post(review, key=former).json()["errors"][0]["title"] == "Expired token"


@pytest.mark.parametrize(
    "path", ["/v1/hooks/web/000000000000000000000000", "/v1/hooks/web/nothing", "/v1/hooks/web/a/b"]
)
def test_an_unknown_hook_is_not_found(outside: RunningOutside, path: str) -> None:
    answer = outside.press(path, json={})
    assert answer.status_code == 404
    assert answer.json()["errors"]
    assert outside.requests()[0]["status"] == 404


def test_a_hook_takes_posts_only(outside: RunningOutside) -> None:
    answer = outside.get(outside.world.demo_key.path)
    assert answer.status_code == 405
    assert answer.json()["errors"]


def test_a_body_of_the_limit_is_taken_and_one_byte_more_refused(outside: RunningOutside) -> None:
    limit = b'"' + b"x" * 399_998 + b'"'
    assert outside.post(limit).status_code == 200
    assert outside.post(limit + b" ").status_code == 413


def test_a_body_of_two_megabytes_gets_an_answer_not_a_broken_pipe(outside: RunningOutside) -> None:
    assert outside.post(b"x" * 2_000_000).status_code == 413
    assert len(outside.requests()[0]["body"]) == 400_000


@pytest.mark.parametrize("body", [b"{", b"", b"rating=4", b"\xff\xfe"])
def test_a_body_that_is_not_json_is_refused(outside: RunningOutside, body: bytes) -> None:
    assert outside.post(body).status_code == 400
    assert outside.events() == []


@pytest.mark.parametrize("body", [[1, 2], "text", None, 5])
def test_any_json_is_taken_because_a_hook_has_no_schema(outside: RunningOutside, body: object) -> None:
    assert outside.press(outside.world.demo_key.path, json=body).status_code == 401
    assert outside.post(str(body).encode() if isinstance(body, int) else b"[1]").status_code == 200
    assert outside.get("/kustomer").status_code == 200


def test_requests_show_the_last_four_of_the_key_and_no_more(outside: RunningOutside, review: Review) -> None:
    outside.post(review)
    key = outside.world.demo_key.key
    (kept,) = outside.requests()
    assert kept["headers"]["Authorization"] == f"Bearer …{key[-4:]}"
    assert kept["status"] == 200
    assert '"Holds up in rain"' in kept["body"]
    memory = (outside.world.data_dir / "sandbox" / "requests.jsonl").read_text()
    assert key not in memory
    assert key not in outside.get("/kustomer").text


def test_a_restart_knows_the_same(tmp_path: Path, review: Review) -> None:
    with running_outside(tmp_path) as before:
        before.post(review)
        before.post(review)
        seen = before.events(), before.requests(), before.counts()
        key = before.world.demo_key.key
    with running_outside(tmp_path) as after:
        assert (after.events(), after.requests(), after.counts()) == seen
        assert after.post(review, key=key).status_code == 200


def test_counts_tell_reviews_from_repeats_and_tests(outside: RunningOutside, review: Review) -> None:
    outside.post(review)
    outside.post(review)
    outside.post(review | {"eventId": "t", "review": {"title": "Test from Demo: safe to delete"}})
    outside.post(review, key="wrong")
    counts = outside.counts()
    assert (counts["reviews"], counts["repeats"], counts["events"], counts["requests"]) == (1, 1, 3, 4)
