import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from reviews_app.lib import outgoing_http
from reviews_app.lib.outgoing_http import CallFailed, FailureKind, OutgoingHttp
from tests.fakes.certificates import Authority
from tests.fakes.receiver import receiver

SECRET = {"Authorization": "Bearer a-key"}
# A TLS record that promises 16 KiB, which then come a byte at a time.
SLOW_HELLO = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_a_trusted_certificate_of_the_operators_own_authority_is_taken(authority: Authority) -> None:
    with receiver(authority.server()) as kept:
        http = OutgoingHttp(extra_origins=(kept.origin,), ca_file=authority.file)
        assert http.post(kept.url, b"{}", headers=SECRET).status == 200
        assert http.post(kept.url, b"{}", headers=SECRET).status == 200
    assert len(kept.requests) == 2


def test_an_unknown_authority_gets_neither_body_nor_key(authority: Authority) -> None:
    with receiver(authority.server()) as kept:
        http = OutgoingHttp(extra_origins=(kept.origin,))
        with pytest.raises(CallFailed) as failed:
            http.post(kept.url, b"{}", headers=SECRET)
    assert (failed.value.kind, kept.requests) == (FailureKind.CERTIFICATE, [])


@pytest.mark.parametrize(("host", "days"), [("elsewhere.example", 2), ("127.0.0.2", 2), ("127.0.0.1", -1)])
def test_a_wrong_host_and_an_expired_certificate_get_nothing(authority: Authority, host: str, days: int) -> None:
    with receiver(authority.server(host=host, days=days)) as kept:
        http = OutgoingHttp(extra_origins=(kept.origin,), ca_file=authority.file)
        with pytest.raises(CallFailed) as failed:
            http.post(kept.url, b"{}", headers=SECRET)
    assert (failed.value.kind, kept.requests) == (FailureKind.CERTIFICATE, [])


def test_a_handshake_that_drips_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing_http, "TOTAL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip_hello, args=(server,), daemon=True).start()
        origin = f"https://127.0.0.1:{server.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(CallFailed) as failed:
            OutgoingHttp(extra_origins=(origin,)).post(f"{origin}/x", b"{}", headers=SECRET)
        assert time.monotonic() - began < 2
    assert failed.value.kind is FailureKind.TIMEOUT


def drip_hello(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection, suppress(OSError):
        connection.recv(4096)
        connection.sendall(SLOW_HELLO)
        for _ in range(100):
            connection.sendall(b"\0")
            time.sleep(0.05)


def test_headers_that_drip_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing_http, "TOTAL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip_headers, args=(server,), daemon=True).start()
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(CallFailed) as failed:
            OutgoingHttp(extra_origins=(origin,)).post(f"{origin}/x", b"{}", headers=SECRET)
        assert time.monotonic() - began < 2
    assert failed.value.kind is FailureKind.TIMEOUT


def drip_headers(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection, suppress(OSError):
        connection.recv(4096)
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 100:
            connection.sendall(bytes([letter]))
            time.sleep(0.05)
