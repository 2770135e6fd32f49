import json
import socket
import threading
import time
from typing import Any

import pytest
import requests

from tests.sandbox.eventually import eventually
from tests.sandbox.outside.running import RunningOutside

Review = dict[str, Any]


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
def test_kustomer_can_be_told_to_refuse(outside: RunningOutside, review: Review, status: int) -> None:
    outside.behave(status=status)
    answer = outside.post(review)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["status"] == status
    assert outside.events() == []
    assert outside.requests()[0]["status"] == status


def test_normal_again_after_an_empty_behaviour(outside: RunningOutside, review: Review) -> None:
    outside.behave(status=500)
    outside.behave()
    assert outside.post(review).status_code == 200


def test_a_behaviour_wears_off_after_its_times(outside: RunningOutside, review: Review) -> None:
    outside.behave(status=503, times=2)
    assert [outside.post(review).status_code for _ in range(3)] == [503, 503, 200]


def test_the_behaviour_in_force_can_be_read(outside: RunningOutside, review: Review) -> None:
    outside.behave(status=503, times=2)
    outside.post(review)
    assert outside.counts()["behaviour"] == {"status": 503, "times": 1}


def test_it_can_speak_of_an_expired_token_to_any_key(outside: RunningOutside, review: Review) -> None:
    outside.behave(status=401, body="expired")
    assert outside.post(review).json()["errors"][0]["title"] == "Expired token"


def test_it_can_answer_in_given_words_and_headers(outside: RunningOutside, review: Review) -> None:
    outside.behave(status=502, body="<html>bad gateway</html>", headers={"x-ratelimit-reset": "1800000000"})
    answer = outside.post(review)
    assert answer.text == "<html>bad gateway</html>"
    assert answer.headers["x-ratelimit-reset"] == "1800000000"


def test_it_can_ask_to_come_back_later(outside: RunningOutside, review: Review) -> None:
    outside.behave(status=429, retry_after=120)
    assert outside.post(review).headers["Retry-After"] == "120"


def test_it_can_point_elsewhere(outside: RunningOutside, review: Review) -> None:
    outside.behave(redirect_to="https://elsewhere.example/hook")
    answer = outside.post(review)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "https://elsewhere.example/hook"
    assert outside.events() == []


def test_an_event_is_kept_before_the_answer_is_delayed(outside: RunningOutside, review: Review) -> None:
    outside.behave(delay_s=1)
    began = time.monotonic()
    sending = threading.Thread(target=outside.post, args=(review,))
    sending.start()
    eventually(outside.events, within=0.9)
    sending.join()
    assert time.monotonic() - began >= 1


def test_a_slow_answer_holds_nobody_else_up(outside: RunningOutside, review: Review) -> None:
    outside.behave(delay_s=2, times=1)
    slow = threading.Thread(target=outside.post, args=(review,))
    slow.start()
    eventually(outside.requests)
    began = time.monotonic()
    assert outside.post(review).status_code == 200
    assert time.monotonic() - began < 1
    slow.join()


def test_a_reset_takes_nothing(outside: RunningOutside, review: Review) -> None:
    outside.behave(reset=True, times=1)
    with pytest.raises(requests.ConnectionError, match=r"reset|aborted"):
        outside.post(review)
    assert outside.events() == []
    assert outside.requests()[0]["status"] is None
    assert outside.post(review).status_code == 200


def test_a_reset_with_a_success_takes_the_event_and_says_nothing(outside: RunningOutside, review: Review) -> None:
    outside.behave(reset=True, status=200)
    with pytest.raises(requests.ConnectionError):
        outside.post(review)
    assert len(outside.events()) == 1


def test_a_reset_may_come_after_the_headers(outside: RunningOutside, review: Review) -> None:
    outside.behave(reset="after_headers", status=200)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        outside.post(review)


@pytest.mark.parametrize(("drip", "at_once"), [(True, b"H"), ("body", b"HTTP/1.1 200 OK\r\n")])
def test_a_drip_comes_byte_by_byte(outside: RunningOutside, drip: Any, at_once: bytes) -> None:
    outside.behave(drip=drip)
    head = f"POST {outside.world.demo_key.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n"
    request = head + f"Authorization: Bearer {outside.world.demo_key.key}\r\n\r\n" + "{}"
    with socket.create_connection(("127.0.0.1", int(outside.base.rsplit(":")[-1])), timeout=10) as connection:
        connection.sendall(request.encode())
        assert connection.recv(4096).startswith(at_once)
        pieces = [(connection.recv(4096), time.monotonic()) for _ in range(2)]
    assert [len(piece) for piece, _ in pieces] == [1, 1]
    assert pieces[1][1] - pieces[0][1] > 0.8


def test_a_broken_answer_leaves_no_error_behind(
    outside: RunningOutside, review: Review, capfd: pytest.CaptureFixture[str]
) -> None:
    outside.behave(reset=True, times=1)
    with pytest.raises(requests.ConnectionError):
        outside.post(review)
    outside.post(review)
    assert "Traceback" not in capfd.readouterr().err


def test_an_answer_can_be_of_any_size(outside: RunningOutside, review: Review) -> None:
    outside.behave(body_bytes=3_000_001)
    assert len(outside.post(review).content) == 3_000_001
    assert len(outside.events()) == 1


@pytest.mark.parametrize("wrong", [{"status": 99}, {"speed": 3}, {"times": 0}, {"delay_s": -1}, [1], None])
def test_a_behaviour_it_does_not_know_is_refused(outside: RunningOutside, review: Review, wrong: Any) -> None:
    body = requests.post(f"{outside.base}/kustomer/behaviour", data=json.dumps(wrong), timeout=10)
    assert body.status_code == 400
    assert body.json()["errors"]
    assert outside.post(review).status_code == 200


def test_a_behaviour_that_is_not_json_is_refused(outside: RunningOutside) -> None:
    assert requests.post(f"{outside.base}/kustomer/behaviour", data=b"{", timeout=10).status_code == 400


def test_a_page_of_another_site_cannot_press_the_switches(outside: RunningOutside) -> None:
    for path in ("/kustomer/behaviour", "/kustomer/key", "/kustomer/key/expire"):
        assert outside.press(path, json={}, Origin="https://evil.example").status_code == 403
        assert outside.press(path, json={}, Origin="null").status_code == 403
    assert outside.press("/kustomer/behaviour", json={}, Origin=outside.base).status_code == 200


def test_a_name_pointed_at_this_machine_is_refused(outside: RunningOutside) -> None:
    assert outside.get("/kustomer", Host="rebound.example").status_code == 400
