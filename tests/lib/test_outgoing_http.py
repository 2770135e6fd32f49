import threading
import time
from collections.abc import Iterator

import pytest

from reviews_app.lib import outgoing_http
from reviews_app.lib.outgoing_http import CallFailed, FailureKind, OutgoingHttp
from tests.fakes.receiver import Receiver, Told, receiver

INNER = [
    "http://127.0.0.1:1/x",
    "http://localhost:1/x",
    "http://2130706433:1/x",
    "http://0x7f000001:1/x",
    "http://127.1:1/x",
    "http://[::1]:1/x",
    "http://[::ffff:127.0.0.1]:1/x",
    "http://[::127.0.0.1]:1/x",
    "http://[::ffff:0:127.0.0.1]:1/x",
    "http://[fec0::1]:1/x",
    "http://0.0.0.0:1/x",
    "http://10.0.0.1/x",
    "http://172.16.0.1/x",
    "http://192.168.0.1/x",
    "http://100.64.0.1/x",
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00::1]/x",
    "http://[fe80::1]/x",
]


@pytest.mark.parametrize("url", INNER)
def test_no_spelling_of_an_inner_address_is_called(url: str) -> None:
    with pytest.raises(CallFailed) as failed:
        OutgoingHttp().post(url, b"{}", headers={})
    assert failed.value.kind is FailureKind.ADDRESS_REFUSED
    assert not failed.value.kind.may_pass


def test_loopback_is_open_to_the_extra_origin_alone() -> None:
    with receiver() as kept, receiver() as other:
        http = OutgoingHttp(extra_origins=(kept.origin,))
        assert http.post(kept.url, b"{}", headers={}).status == 200
        with pytest.raises(CallFailed):
            http.post(other.url, b"{}", headers={})
        assert (len(kept.requests), other.requests) == (1, [])


@pytest.fixture
def kept() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def http(kept: Receiver) -> OutgoingHttp:
    return OutgoingHttp(extra_origins=(kept.origin,))


def test_a_redirect_is_an_answer_and_not_followed(http: OutgoingHttp, kept: Receiver) -> None:
    kept.told = [Told(307, headers={"Location": kept.url})]
    answer = http.post(kept.url, b"{}", headers={})
    assert (answer.status, answer.headers["location"], len(kept.requests)) == (307, kept.url, 1)


def test_a_drip_is_cut_and_its_status_counts(
    http: OutgoingHttp, kept: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_http, "TOTAL_SECONDS", 0.5)
    kept.told = [Told(200, body=b"x" * 1000, drip=True)]
    began = time.monotonic()
    assert http.post(kept.url, b"{}", headers={}).status == 200
    assert time.monotonic() - began < 3


def test_no_answer_in_time_is_a_timeout(http: OutgoingHttp, kept: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing_http, "TOTAL_SECONDS", 0.3)
    held = threading.Event()
    kept.told = [Told(200, hold=held)]
    with pytest.raises(CallFailed) as failed:
        http.post(kept.url, b"{}", headers={})
    held.set()
    assert failed.value.kind is FailureKind.TIMEOUT


def test_a_reset_and_a_refusal_are_network_failures(http: OutgoingHttp, kept: Receiver) -> None:
    kept.told = [Told(reset=True)]
    with pytest.raises(CallFailed) as failed:
        http.post(kept.url, b"{}", headers={})
    assert failed.value.kind is FailureKind.NETWORK
    closed = "http://127.0.0.1:1"
    with pytest.raises(CallFailed) as refused:
        OutgoingHttp(extra_origins=(closed,)).post(f"{closed}/x", b"{}", headers={})
    assert str(refused.value) == "The host refused the connection."


def test_an_unknown_host_is_a_network_failure() -> None:
    with pytest.raises(CallFailed) as failed:
        OutgoingHttp().post("http://no-such-host.invalid/x", b"{}", headers={})
    assert (failed.value.kind, str(failed.value)) == (FailureKind.NETWORK, "The host's name could not be found.")


def test_a_huge_answer_is_read_to_64_kib_and_kept_to_8(http: OutgoingHttp, kept: Receiver) -> None:
    kept.told = [Told(200, body=b"y" * 5_000_000)]
    assert len(http.post(kept.url, b"{}", headers={}).head) == 8 * 1024


def test_a_connection_is_used_again(http: OutgoingHttp, kept: Receiver) -> None:
    for _ in range(20):
        assert http.post(kept.url, b"{}", headers={}).status == 200
    assert len(kept.requests) == 20


def test_proxies_of_the_environment_are_not_used(
    http: OutgoingHttp, kept: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert http.post(kept.url, b"{}", headers={}).status == 200


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Encoding": "gzip"}, b"this was never packed"),
        ({"Content-Type": "application/json; charset=utf-16"}, b"\xff\xfe\x00"),
        ({"Content-Type": "text/html; charset=no-such"}, b"\x80\x81\x82"),
    ],
)
def test_an_answer_that_cannot_be_decoded_counts_by_its_status(
    http: OutgoingHttp, kept: Receiver, status: int, headers: dict[str, str], body: bytes
) -> None:
    kept.told = [Told(status, headers=headers, body=body)]
    answer = http.post(kept.url, b"{}", headers={})
    assert answer.status == status
    assert answer.head == body.decode("utf-8", "replace")


def test_an_answer_that_is_over_in_time_is_not_cut_later(
    http: OutgoingHttp, kept: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_http, "TOTAL_SECONDS", 0.3)
    until = time.monotonic() + 0.8
    while time.monotonic() < until:
        assert http.post(kept.url, b"{}", headers={}).status == 200
    assert len(kept.requests) > 1
