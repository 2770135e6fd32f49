import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.lib import outgoing_http
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.models.delivery import DeliveryState
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.models.store import Store
from reviews_app.services.dispatch import posts
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.save_kustomer import KustomerDetails, save_kustomer
from reviews_app.services.tools import Tools
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.program import eventually
from tests.fakes.receiver import PATH, Receiver, Told, receiver
from tests.services.dispatch.looking import Leave, Send, attempts, destination, states

Names = dict[str, Callable[[], str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """A name service of our own: what it gives for a name, or raises."""
    told: Names = {}
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        return real(told[host]() if host in told else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return told


def unknown() -> str:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def move_to(url: str) -> None:
    with transaction() as session:
        session.scalars(select(Destination)).one().api_url = url


def port_of(kustomer: Receiver) -> str:
    return kustomer.origin.rpartition(":")[2]


def test_a_name_that_is_not_found_is_tried_again_and_delivered_when_it_is(
    leave: Leave, tools: Tools, kustomer: Receiver, clock: FakeClock, names: Names
) -> None:
    [row] = leave(1)
    origin = f"http://kustomer.test:{port_of(kustomer)}"
    object.__setattr__(tools.settings, "kustomer_extra_origins", origin)
    move_to(f"{origin}{PATH}")
    names["kustomer.test"] = unknown
    http = OutgoingHttp(extra_origins=(origin,))
    assert send_to_kustomer(row.id, tools=tools, http=http) == 0
    names["kustomer.test"] = lambda: "127.0.0.1"
    clock.advance(seconds=7)
    assert send_to_kustomer(row.id, tools=tools, http=http) == 1
    assert attempts() == [(1, None, "network"), (2, 200, "delivered")]


def test_a_connection_that_is_reset_is_tried_again_with_the_same_bytes(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(1)
    kustomer.told = [Told(reset=True), Told(200, reset_after_headers=True)]
    send_all()
    clock.advance(seconds=7)
    send_all()
    assert attempts() == [(1, None, "network"), (2, 200, "delivered")]
    assert kustomer.requests[0].body == kustomer.requests[1].body


def test_a_refused_connection_is_tried_again_and_delivered_after_the_repair(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools
) -> None:
    [row] = leave(1)
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
    object.__setattr__(tools.settings, "kustomer_extra_origins", f"{closed},{kustomer.origin}")
    move_to(f"{closed}{PATH}")
    assert send_to_kustomer(row.id, tools=tools, http=OutgoingHttp(extra_origins=(closed,))) == 0
    assert (attempts(), destination().mode) == ([(1, None, "network")], Mode.ACTIVE)
    move_to(kustomer.url)
    clock.advance(seconds=7)
    assert send_all() == 1


def test_a_name_that_leads_inside_is_sent_nothing_and_needs_a_person(
    leave: Leave, tools: Tools, kustomer: Receiver, names: Names
) -> None:
    [row] = leave(1)
    move_to(f"https://acme.api.kustomerapp.com{PATH}")
    names["acme.api.kustomerapp.com"] = lambda: "127.0.0.1"
    assert send_to_kustomer(row.id, tools=tools, http=OutgoingHttp()) == 0
    assert (destination().mode, destination().reason) == (Mode.NEEDS_ATTENTION, AttentionReason.ADDRESS_REFUSED)
    assert (states(), kustomer.requests, kustomer.broken) == ([DeliveryState.HELD], [], 0)


def test_a_name_service_that_never_answers_holds_a_try_and_not_the_worker(
    leave: Leave, tools: Tools, kustomer: Receiver, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    [row] = leave(1)
    monkeypatch.setattr(outgoing_http, "TOTAL_SECONDS", 0.1)
    monkeypatch.setattr(posts, "GIVEN_UP_SECONDS", 0.3)
    answers = threading.Event()

    def slow() -> str:
        answers.wait(20)
        return "127.0.0.1"

    origin = f"http://kustomer.test:{port_of(kustomer)}"
    object.__setattr__(tools.settings, "kustomer_extra_origins", origin)
    names["kustomer.test"] = slow
    move_to(f"{origin}{PATH}")
    began = time.monotonic()
    assert send_to_kustomer(row.id, tools=tools, http=OutgoingHttp(extra_origins=(origin,))) == 0
    assert time.monotonic() - began < 15
    assert attempts() == [(1, None, "timeout")]
    answers.set()
    eventually(lambda: not [one for one in threading.enumerate() if one.name.startswith("ThreadPoolExecutor")])
    assert kustomer.requests == []


def test_a_kustomer_that_hangs_holds_up_no_other_store(
    leave: Leave, tools: Tools, http: OutgoingHttp, kustomer: Receiver, clock: FakeClock
) -> None:
    [row, *_] = leave(10)
    hangs = threading.Event()
    kustomer.always = Told(hold=hangs)
    with receiver() as other:
        object.__setattr__(tools.settings, "kustomer_extra_origins", f"{kustomer.origin},{other.origin}")
        with transaction() as session:
            juniper = make_store(session, "juniper")
            make_destination(session, juniper, api_url=other.url)
            product = make_product(session, juniper)
            for _ in range(5):
                leave_review(session, juniper, product, clock=clock)

        def release_when_the_others_arrived() -> None:
            eventually(lambda: len(other.requests) == 5)
            assert len(kustomer.requests) == 2
            kustomer.always = None
            hangs.set()

        watching = threading.Thread(target=release_when_the_others_arrived)
        watching.start()
        both = OutgoingHttp(extra_origins=(kustomer.origin, other.origin))
        assert send_to_kustomer(row.id, tools=tools, http=both, per_second=10_000) == 15
        watching.join(30)
    assert set(states()) == {DeliveryState.DELIVERED}


def test_what_is_left_while_a_request_hangs_goes_out_meanwhile(
    app: Flask, leave: Leave, tools: Tools, http: OutgoingHttp, kustomer: Receiver
) -> None:
    [row] = leave(1)
    hangs = threading.Event()
    kustomer.told = [Told(hold=hangs)]

    def leave_another() -> None:
        eventually(lambda: len(kustomer.requests) == 1)
        with app.app_context():
            leave(1)
        eventually(lambda: len(kustomer.requests) == 2)
        hangs.set()

    shopper = threading.Thread(target=leave_another)
    shopper.start()
    assert send_to_kustomer(row.id, tools=tools, http=http, per_second=10_000) == 2
    shopper.join(20)


def test_one_try_that_breaks_unforeseen_does_not_take_the_others_with_it(
    leave: Leave, tools: Tools, kustomer: Receiver
) -> None:
    rows = leave(2)
    broken = str(rows[0].id).encode()

    class BrokenHttp(OutgoingHttp):
        def post(self, url: str, body: bytes, *, headers: dict[str, str]) -> outgoing_http.Answer:
            if broken in body:
                raise UnicodeError("label too long")
            return super().post(url, body, headers=headers)

    http = BrokenHttp(extra_origins=(kustomer.origin,))
    assert send_to_kustomer(rows[0].id, tools=tools, http=http, per_second=10_000) == 1
    assert sorted(states()) == sorted([DeliveryState.DELIVERED, DeliveryState.SENDING])


def test_a_new_address_brings_what_a_deleted_hook_held_its_oldest_first(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools
) -> None:
    rows = leave(3)
    kustomer.told = [Told(410)] * 2
    send_all()
    assert (set(states()), destination().reason) == ({DeliveryState.HELD}, AttentionReason.HOOK_GONE)
    before = len(kustomer.requests)
    with transaction() as session:
        store = session.scalars(select(Store)).one()
        moved = KustomerDetails(is_on=True, api_key="", api_url=f"{kustomer.url}a")
        save_kustomer(session, store, moved, keyring=tools.keyring, clock=clock)
    for _ in range(2):
        send_all()
    assert set(states()) == {DeliveryState.DELIVERED}
    assert kustomer.requests[before].event["eventId"] == str(rows[0].id)
    assert {request.path for request in kustomer.requests[before:]} == {f"{PATH}a"}
