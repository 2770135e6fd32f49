import threading
import time
from uuid import UUID

from flask import Flask

from reviews_app.db.database import transaction
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.models.delivery import Delivery
from reviews_app.models.media import Media
from reviews_app.services.dispatch.claim_deliveries import claim_deliveries
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.tools import Tools
from tests.fakes.clock import FakeClock
from tests.fakes.program import eventually
from tests.fakes.receiver import Receiver, Told
from tests.services.dispatch.looking import Leave, Send, states


def claim(named: UUID, tools: Tools, per_second: float = 10_000) -> int:
    return len(claim_deliveries(named, per_second=per_second, tools=tools).rows)


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
    taken = claim_deliveries(named, per_second=10_000, tools=tools).rows
    assert [one.delivery_id for one in taken] == [named, other]


def test_the_pace_is_kept_between_requests(leave: Leave, tools: Tools, http: OutgoingHttp, kustomer: Receiver) -> None:
    [row, *_] = leave(6)
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
        "imageUrls": ["http://shop.test/media/p1-1600.webp"],
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
