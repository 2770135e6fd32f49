from datetime import timedelta

import orjson
import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.models.attribute import AttributeKind
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.services.hold_destination import heal_destination, pause
from reviews_app.services.replay_delivery import replay_delivery
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.services.sweep_deliveries import send_canaries, sweep_deliveries
from reviews_app.services.tools import Tools
from tests.factories.attribute import make_attribute
from tests.factories.destination import API_KEY, make_destination
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, Told
from tests.services.dispatch.looking import Leave, Send, attempts, destination, fresh, states


def test_a_review_arrives_once_with_the_key(leave: Leave, send_all: Send, kustomer: Receiver) -> None:
    [row] = leave(1)
    assert send_all() == 1
    assert send_all() == 0
    assert (len(kustomer.requests), fresh(row).state) == (1, DeliveryState.DELIVERED)
    assert kustomer.requests[0].headers["authorization"] == f"Bearer {API_KEY}"
    assert kustomer.requests[0].headers["content-type"] == "application/json"
    assert kustomer.requests[0].event["eventId"] == str(row.id)


def test_the_body_is_the_contract_field_by_field(
    app: Flask, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    with transaction() as session:
        store = make_store(session)
        make_destination(session, store, api_url=kustomer.url)
        product = make_product(session, store, variants=("Moss",))
        fit = make_attribute(session, store, AttributeKind.CENTRED_SCALE, title="Fit", position=2)
        use = make_attribute(session, store, AttributeKind.MULTIPLE_CHOICE, title="Used for", position=1)
        make_order(session, store, product, email="Reviewer@example.com")
        review = leave_review(
            session,
            store,
            product,
            clock=clock,
            name="Reviewer McGee",
            email="reviewer@example.com",
            variant_id=product.variants[0].id,
            answers=(AnswerDraft(fit.id, 1), AnswerDraft(use.id, ["Day hikes", "Travel"])),
        )
        review_id = str(review.id)
    send_all()
    event = kustomer.requests[0].event
    assert list(event) == [
        "eventId",
        "reviewerEmail",
        "orderId",
        "review",
        "reviewer",
        "reward",
        "media",
        "attributes",
        "product",
    ]
    assert event["reviewerEmail"] == "reviewer@example.com"
    assert event["orderId"] == "#1205"
    assert event["review"] == {
        "rating": 4,
        "title": "Solid pack",
        "body": "I have carried this pack for three months and the straps still hold.",
        "isRecommended": True,
        "sentiment": "positive",
        "languageCode": "en",
        "source": "write-review-button",
        "dateCreated": "2026-11-23T12:00:00.000Z",
        "reviewId": review_id,
    }
    assert event["reviewer"] == {"displayName": "Reviewer M.", "name": "Reviewer McGee", "countryCode": "AU"}
    assert event["reward"] is None
    assert event["media"] == {"imageUrls": [], "videoUrls": [], "imageCount": 0, "videoCount": 0}
    assert event["attributes"] == [
        {"title": "Used for", "value": ["Day hikes", "Travel"]},
        {"title": "Fit", "value": 1},
    ]
    assert event["product"] == {
        "productId": "larkspur-ridge-daypack",
        "productName": "Ridge Daypack",
        "variantId": "larkspur-ridge-daypack-Moss",
        "variantName": "Moss",
        "sku": "RID-MOS",
    }


def test_three_faults_then_delivered_with_the_same_bytes(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    kustomer.told = [Told(500), Told(503), Told(502)]
    for wait in (0, 6, 36, 144):
        clock.advance(seconds=wait)
        send_all()
    assert fresh(row).state is DeliveryState.DELIVERED
    assert len({request.body for request in kustomer.requests}) == 1
    assert attempts() == [(1, 500, "server"), (2, 503, "server"), (3, 502, "server"), (4, 200, "delivered")]


def test_a_retry_is_never_early(leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock) -> None:
    leave(1)
    kustomer.told = [Told(500)]
    send_all()
    clock.advance(seconds=4.9)
    send_all()
    assert len(kustomer.requests) == 1
    clock.advance(seconds=1.2)
    send_all()
    assert len(kustomer.requests) == 2


def test_a_week_of_faults_ends_in_failed_and_send_again_brings_it(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools
) -> None:
    [row] = leave(1)
    kustomer.always = Told(500)
    for _ in range(120):
        clock.advance(hours=2.5)
        send_all()
    assert fresh(row).state is DeliveryState.FAILED
    kustomer.always = None
    with transaction() as session:
        replay_delivery(session, session.get_one(Delivery, row.id), clock=clock)
    send_all()
    assert fresh(row).state is DeliveryState.DELIVERED


@pytest.mark.parametrize("wait", [{"Retry-After": "300"}, {"x-ratelimit-reset": "1795435500"}])
def test_a_full_rate_is_obeyed_and_not_charged(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, wait: dict[str, str]
) -> None:
    kustomer.told = [Told(429, headers=wait)]
    [row] = leave(1)
    send_all()
    clock.advance(seconds=290)
    send_all()
    assert len(kustomer.requests) == 1
    clock.advance(seconds=11)
    send_all()
    assert (fresh(row).state, fresh(row).scheduled_tries) == (DeliveryState.DELIVERED, 0)
    assert destination().mode is Mode.ACTIVE


def test_a_refused_key_holds_everything_after_at_most_four_requests(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(20)
    kustomer.always = Told(401, body=b'{"errors":[{"title":"Expired token"}]}')
    for _ in range(3):
        send_all()
        clock.advance(minutes=3)
    assert len(kustomer.requests) <= 4
    assert (destination().mode, destination().reason) == (Mode.NEEDS_ATTENTION, AttentionReason.KEY)
    assert set(states()) == {DeliveryState.HELD}


def test_a_new_key_sends_the_oldest_first_and_then_all(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    rows = leave(6)
    # Two are under way at once: a third may go before both refusals are written down.
    kustomer.always = Told(401)
    send_all()
    assert set(states()) == {DeliveryState.HELD}
    kustomer.always = None
    before = len(kustomer.requests)
    with transaction() as session:
        heal_destination(session, session.scalars(select(Destination)).one(), now=clock())
    assert states().count(DeliveryState.WAITING) == 1
    for _ in range(3):
        send_all()
        clock.advance(seconds=1)
    assert set(states()) == {DeliveryState.DELIVERED}
    assert kustomer.requests[before].event["eventId"] == str(rows[0].id)


def test_a_canary_that_fails_keeps_everything_held(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(3)
    kustomer.always = Told(401)
    send_all()
    with transaction() as session:
        assert send_canaries(session, now=clock()) == 1
    before = len(kustomer.requests)
    send_all()
    assert len(kustomer.requests) == before + 1
    assert set(states()) == {DeliveryState.HELD}


def test_a_missing_hook_holds_at_the_second_404_and_a_gone_one_at_once(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(1)
    kustomer.told = [Told(404), Told(404)]
    send_all()
    assert destination().mode is Mode.ACTIVE
    clock.advance(seconds=10)
    send_all()
    assert (destination().mode, destination().reason) == (Mode.NEEDS_ATTENTION, AttentionReason.HOOK_GONE)


def test_a_hook_that_is_gone_holds_at_once(leave: Leave, send_all: Send, kustomer: Receiver) -> None:
    leave(1)
    kustomer.told = [Told(410)]
    send_all()
    assert destination().reason is AttentionReason.HOOK_GONE


def test_a_refused_body_fails_alone_and_the_others_go_on(leave: Leave, send_all: Send, kustomer: Receiver) -> None:
    kustomer.told = [Told(400)]
    leave(3)
    send_all()
    assert sorted(states()) == [DeliveryState.DELIVERED, DeliveryState.DELIVERED, DeliveryState.FAILED]
    assert destination().mode is Mode.ACTIVE


def test_a_redirect_is_not_followed_and_the_second_needs_attention(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(1)
    kustomer.always = Told(302, headers={"Location": "http://elsewhere.example/hook"})
    send_all()
    clock.advance(seconds=10)
    send_all()
    assert {request.path for request in kustomer.requests} == {"/v1/hooks/web/5e6daf9d2b1c4a0012ab34cd"}
    assert "elsewhere.example" in destination().reason_detail


def test_too_large_is_reduced_once(leave: Leave, send_all: Send, kustomer: Receiver) -> None:
    [row] = leave(1)
    kustomer.told = [Told(413)]
    send_all()
    assert (fresh(row).state, fresh(row).is_reduced) == (DeliveryState.DELIVERED, True)
    assert "reduced" in kustomer.requests[1].event


def test_a_paused_destination_holds_and_a_resumed_one_drains(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(2)
    with transaction() as session:
        pause(session, session.scalars(select(Destination)).one())
    send_all()
    leave(1)
    assert (kustomer.requests, set(states())) == ([], {DeliveryState.HELD})
    with transaction() as session:
        heal_destination(session, session.scalars(select(Destination)).one(), now=clock())
    clock.advance(seconds=2)
    send_all()
    assert set(states()) == {DeliveryState.DELIVERED}


def test_while_all_fail_one_probe_goes_out_every_ten_minutes(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(8)
    kustomer.always = Told(503)
    send_all()
    assert destination().mode is Mode.THROTTLED
    before = len(kustomer.requests)
    for _ in range(30):
        clock.advance(minutes=1)
        send_all()
    assert len(kustomer.requests) - before <= 3
    kustomer.always = None
    for _ in range(12):
        clock.advance(minutes=1)
        send_all()
    assert set(states()) == {DeliveryState.DELIVERED}


def test_an_expired_lease_is_taken_back_as_unknown_and_sent_again(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    with transaction() as session:
        taken = session.get_one(Delivery, row.id)
        taken.state = DeliveryState.SENDING
        taken.tries = 1
        taken.lease_until = clock() - timedelta(days=900)
        session.add(Attempt(store_id=taken.store_id, delivery_id=taken.id, n=1, trigger="auto", started_at=clock()))
    with transaction() as session:
        assert sweep_deliveries(session, now=clock()) == 1
    send_all()
    assert attempts() == [(1, None, "unknown"), (2, 200, "delivered")]


def test_a_lost_key_holds_without_a_request(leave: Leave, send_all: Send, kustomer: Receiver, tools: Tools) -> None:
    leave(1)
    with transaction() as session:
        sealed = session.scalars(select(Destination)).one()
        assert sealed.api_key is not None
        sealed.api_key = type(sealed.api_key)("gone", "wxyz", b"gAAAAAnot-a-token")
    send_all()
    assert (kustomer.requests, destination().reason) == ([], AttentionReason.KEY)


def test_an_address_that_no_longer_passes_is_not_called(leave: Leave, send_all: Send, kustomer: Receiver) -> None:
    leave(1)
    with transaction() as session:
        session.scalars(select(Destination)).one().api_url = "http://169.254.169.254/v1/hooks/web/abc"
    send_all()
    assert (kustomer.requests, destination().reason) == ([], AttentionReason.ADDRESS_REFUSED)


def test_the_answer_is_kept_short_and_escaped_later(leave: Leave, send_all: Send, kustomer: Receiver) -> None:
    leave(1)
    kustomer.told = [Told(200, body=b"<script>\0" + b"x" * 200_000)]
    send_all()
    head = reading().scalars(select(Attempt.answer_head)).one()
    assert head.startswith("<script>x")
    assert len(head) <= 8192


def test_the_body_survives_as_frozen_even_when_the_product_changes(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    kustomer.told = [Told(500)]
    send_all()
    with transaction() as session:
        review = session.get_one(Delivery, row.id).review
        assert review is not None
        review.product.title = "Renamed"
    clock.advance(seconds=10)
    send_all()
    bodies = [orjson.loads(request.body) for request in kustomer.requests]
    assert bodies[0] == bodies[1]
