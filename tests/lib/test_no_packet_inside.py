import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from reviews_app.integrations.kustomer.api_url import ApiUrlRefused, check_api_url
from reviews_app.lib import outgoing_http
from reviews_app.lib.outgoing_http import CallFailed, FailureKind, OutgoingHttp
from tests.fakes.receiver import Told, receiver
from tests.lib.spellings import spellings

HOOK = "/v1/hooks/web/5e6daf9d2b1c4a0012ab34cd"
PUBLIC = "93.184.215.14"


class Listener:
    """Counts whoever knocks, on v4 and v6 loopback at one port."""

    def __init__(self) -> None:
        self.knocks = 0
        first = socket.create_server(("127.0.0.1", 0))
        self.port: int = first.getsockname()[1]
        self._sockets = [first]
        with suppress(OSError):
            self._sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for one in self._sockets:
            threading.Thread(target=self._accept, args=(one,), daemon=True).start()

    def _accept(self, one: socket.socket) -> None:
        with suppress(OSError):
            while True:
                knocking, _ = one.accept()
                self.knocks += 1
                knocking.close()

    def close(self) -> None:
        for one in self._sockets:
            one.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name service of our own: each name's answers, one after the other."""
    told: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in told:
            return real(host, port, *args, **kwargs)
        address = told[host].pop(0) if len(told[host]) > 1 else told[host][0]
        return real(address, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(outgoing_http, "CONNECT_SECONDS", 0.2)
    return told


def test_there_are_more_than_two_hundred_spellings() -> None:
    assert len(spellings()) > 200


def test_no_spelling_of_an_inner_address_gets_a_packet(listener: Listener) -> None:
    http = OutgoingHttp()
    answered = []
    for host in spellings():
        for scheme in ("http", "https"):
            try:
                http.post(f"{scheme}://{host}:{listener.port}{HOOK}", b"{}", headers={})
                answered.append(host)
            except CallFailed as failure:
                assert failure.kind in {FailureKind.ADDRESS_REFUSED, FailureKind.NETWORK}, host
    assert answered == []
    assert listener.knocks == 0


def test_the_listener_would_have_noticed(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), timeout=5) as knocking:
        assert knocking.recv(1) == b""
    assert listener.knocks == 1


@pytest.mark.parametrize("host", spellings())
def test_no_spelling_can_be_saved(host: str) -> None:
    for url in (f"https://{host}{HOOK}", f"http://{host}:8001{HOOK}", f"https://{host}:443{HOOK}"):
        with pytest.raises(ApiUrlRefused):
            check_api_url(url, extra_origins=("http://127.0.0.1:8002",))


@pytest.mark.parametrize(
    "netloc",
    [
        "kustomerapp.com",
        "acme.kustomerapp.com.evil.test",
        "acme-kustomerapp.com",
        "akustomerapp.com",
        "acme.kustomerapp.co",
        "acme.kustomerapp.com@127.0.0.1",
        "127.0.0.1@acme.kustomerapp.com",
        "user:secret@acme.kustomerapp.com",
        "acme.kustomerapp.com:80",
        "acme.kustomerapp.com:0443",
        "acme.kustomerapp.com:",
        "acme.kustomerapp.com:443:443",
        "acme.kustomerapp.com%00.evil.test",
        "acme.kustomerapp.com%2eevil.test",
        "acme.kustomerapp.com\\.evil.test",
        "acme.kustomerapp.com;evil.test",
        "acme..kustomerapp.com",
        "-acme.kustomerapp.com",
        "acme.kustomerаpp.com",
        "acme.kustomerapp。com",
    ],
)
def test_a_host_that_only_looks_like_kustomer_is_refused(netloc: str) -> None:
    with pytest.raises(ApiUrlRefused) as refused:
        check_api_url(f"https://{netloc}{HOOK}", extra_origins=())
    assert str(refused.value)


def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    listener: Listener, names: dict[str, list[str]]
) -> None:
    names["acme.kustomerapp.com"] = ["127.0.0.1"]
    with pytest.raises(CallFailed) as failed:
        OutgoingHttp().post(f"http://acme.kustomerapp.com:{listener.port}{HOOK}", b"{}", headers={})
    assert failed.value.kind is FailureKind.ADDRESS_REFUSED
    assert listener.knocks == 0


def test_a_name_that_changes_between_check_and_connect_reaches_nothing_inside(
    listener: Listener, names: dict[str, list[str]]
) -> None:
    for turn in range(6):
        host = f"rebinding{turn}.kustomerapp.com"
        names[host] = [PUBLIC] * turn + ["127.0.0.1"]
        with pytest.raises(CallFailed):
            OutgoingHttp().post(f"http://{host}:{listener.port}{HOOK}", b"{}", headers={})
    assert listener.knocks == 0


def test_a_kept_session_checks_the_name_anew(listener: Listener, names: dict[str, list[str]]) -> None:
    names["acme.kustomerapp.com"] = [PUBLIC, "127.0.0.1"]
    http = OutgoingHttp()
    for _ in range(3):
        with pytest.raises(CallFailed):
            http.post(f"http://acme.kustomerapp.com:{listener.port}{HOOK}", b"{}", headers={})
    assert listener.knocks == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_reaches_the_listener(listener: Listener, status: int) -> None:
    with receiver() as kustomer:
        http = OutgoingHttp(extra_origins=(kustomer.origin,))
        for target in (f"http://127.0.0.1:{listener.port}/x", f"//localhost:{listener.port}/x", "/elsewhere"):
            kustomer.told = [Told(status, headers={"Location": target})]
            assert http.post(kustomer.url, b"{}", headers={}).status == status
        assert len(kustomer.requests) == 3
    assert listener.knocks == 0


def test_the_extra_origin_opens_its_own_port_alone(listener: Listener) -> None:
    with receiver() as kustomer:
        http = OutgoingHttp(extra_origins=(kustomer.origin,))
        http.post(kustomer.url, b"{}", headers={})
        with pytest.raises(CallFailed):
            http.post(f"http://127.0.0.1:{listener.port}{HOOK}", b"{}", headers={})
    assert listener.knocks == 0
