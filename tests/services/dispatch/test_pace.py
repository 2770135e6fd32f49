import threading
import time
from uuid import UUID

import pytest
from flask import Flask

from reviews_app.db.database import engine, transaction
from reviews_app.db.database import session as reading
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.lib.viewing_key import viewing_key
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.media import Media
from reviews_app.services.dispatch import send_to_kustomer as send
from reviews_app.services.dispatch.claim_deliveries import claim_deliveries
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.tools import Tools
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.program import eventually
from tests.fakes.receiver import Receiver, Told
from tests.fakes.statements import counted_statements
from tests.services.dispatch.looking import Leave, Send, fresh, states


def claim(named: UUID, tools: Tools, per_second: float = 10_000) -> int:
    return len(claim_deliveries(named, most=10, per_second=per_second, tools=tools).rows)


def test_two_of_a_destination_are_under_way_and_a_third_waits_for_a_slot(leave: Leave, tools: Tools) -> None:
    rows = leave(5)
    assert claim(rows[0].id, tools) == 2
    assert claim(rows[2].id, tools) == 0


def test_first_tries_go_before_retries(leave: Leave, tools: Tools, clock: FakeClock) -> None:
    leave(1)
    clock.advance(seconds=1)
    rows = leave(2)
    with transaction() as session:
        session.get_one(Delivery, rows[0].id).tries = 3
    named, other = rows[2].id, rows[1].id
    taken = claim_deliveries(named, most=10, per_second=10_000, tools=tools).rows
    assert [one.delivery_id for one in taken] == [named, other]


def test_what_was_left_just_now_goes_three_times_as_fast(leave: Leave, tools: Tools, http: OutgoingHttp) -> None:
    [row, *_] = leave(6)
    began = time.monotonic()
    assert send_to_kustomer(row.id, tools=tools, http=http, per_second=5) == 6
    assert time.monotonic() - began >= 0.25


def test_the_pace_is_kept_between_requests(
    leave: Leave, tools: Tools, http: OutgoingHttp, kustomer: Receiver, clock: FakeClock
) -> None:
    [row, *_] = leave(6)
    clock.advance(minutes=2)
    began = time.monotonic()
    assert send_to_kustomer(row.id, tools=tools, http=http, per_second=10) == 6
    assert time.monotonic() - began >= 0.4


def test_pictures_still_in_work_are_waited_for_but_not_for_ever(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    with transaction() as session:
        picture = Media(
            store_id=row.store_id,
            review_id=row.review_id,
            form_id="f",
            name="p1",
            view_key="secret",
            byte_count=1,
            created_at=clock(),
            enqueued_at=clock(),
        )
        session.add(picture)
    for _ in range(3):
        send_all()
        clock.advance(seconds=10)
    assert kustomer.requests == []
    clock.advance(seconds=31)
    send_all()
    media = kustomer.requests[0].event["media"]
    assert media == {
        "imageUrls": [f"http://shop.test/media/p1-1600.webp?key={viewing_key('secret')}"],
        "videoUrls": [],
        "imageCount": 1,
        "videoCount": 0,
    }


def test_ten_jobs_for_one_row_post_it_once(
    app: Flask, leave: Leave, tools: Tools, http: OutgoingHttp, kustomer: Receiver
) -> None:
    [row] = leave(1)
    held = threading.Event()
    kustomer.always = Told(hold=held)

    def work() -> None:
        with app.app_context():
            send_to_kustomer(row.id, tools=tools, http=http, per_second=10_000)

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    eventually(lambda: len([thread for thread in threads if thread.is_alive()]) == 1)
    held.set()
    for thread in threads:
        thread.join(10)
    assert (len(kustomer.requests), states()) == (1, ["delivered"])


def test_a_store_that_keeps_its_pace_does_not_hold_up_another(
    leave: Leave, tools: Tools, http: OutgoingHttp, kustomer: Receiver, clock: FakeClock
) -> None:
    [first, *_] = leave(6)
    with transaction() as session:
        other = make_store(session, "juniper")
        make_destination(session, other, api_url=kustomer.url)
        small = leave_review(session, other, make_product(session, other), clock=clock)
        name = str(small.id)
    assert send_to_kustomer(first.id, tools=tools, http=http, per_second=10) == 7
    order = [one.event["review"]["reviewId"] for one in kustomer.requests]  # type: ignore[index]
    assert order.index(name) == 2


def test_when_its_time_is_over_a_job_rings_for_the_rest(
    app: Flask, leave: Leave, tools: Tools, http: OutgoingHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "GOES_ON_SECONDS", 0.0)
    rung: list[UUID] = []
    monkeypatch.setattr(app.extensions["bell"], "ring", lambda rings: rung.extend(one.row_id for one in rings))
    rows = leave(5)
    assert send_to_kustomer(rows[0].id, tools=tools, http=http, per_second=10_000) == 2
    assert rung[-1] in {row.id for row in rows if fresh(row).state is DeliveryState.WAITING}


def test_a_job_whose_delivery_is_done_goes_on_with_what_is_due(
    leave: Leave, tools: Tools, http: OutgoingHttp, kustomer: Receiver
) -> None:
    [row] = leave(1)
    assert send_to_kustomer(row.id, tools=tools, http=http) == 1
    assert send_to_kustomer(row.id, tools=tools, http=http) == 0
    leave(1)
    assert send_to_kustomer(row.id, tools=tools, http=http) == 1
    assert len(kustomer.requests) == 2


def test_all_stores_have_a_turn_before_one_has_a_second(
    leave: Leave, tools: Tools, http: OutgoingHttp, kustomer: Receiver, clock: FakeClock
) -> None:
    [first, *_] = leave(4)
    with transaction() as session:
        for place in range(4):
            other = make_store(session, f"store{place}")
            make_destination(session, other, api_url=f"{kustomer.url}{place}")
            product = make_product(session, other)
            for _ in range(4):
                leave_review(session, other, product, clock=clock)
    assert send_to_kustomer(first.id, tools=tools, http=http, per_second=10_000) == 20
    turns = [one.path for one in kustomer.requests]
    assert len(set(turns[:10])) == 5


def test_two_of_a_backlog_are_found_by_the_index_and_nothing_is_sorted(leave: Leave, tools: Tools) -> None:
    named = leave(5)[0].id
    with counted_statements(reading()) as sent:
        assert claim(named, tools) == 2
    if engine().dialect.name == "sqlite":
        [asked] = {one for one in sent if one.startswith("SELECT delivery.id \n")}
        values = (1,) * asked.count("?")
        plan = str(reading().connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values).all())
        assert "ix_delivery_destination" in plan
        assert "TEMP B-TREE" not in plan
