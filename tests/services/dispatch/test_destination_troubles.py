from datetime import timedelta

from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import AttentionReason, Destination, Mode
from reviews_app.services.hold_destination import heal_destination, pause, send_canary
from reviews_app.services.replay_delivery import replay_delivery
from reviews_app.services.send_test_review import send_test_review
from reviews_app.services.sweep_deliveries import sweep_deliveries
from reviews_app.services.tools import Tools
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, Told
from tests.services.dispatch.looking import Leave, Send, attempts, destination, fresh, states


def test_one_review_that_fails_again_and_again_does_not_slow_the_others(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(1)
    kustomer.told = [Told(500)] * 8
    for _ in range(8):
        send_all()
        clock.advance(hours=3)
    assert (destination().mode, len(kustomer.requests)) == (Mode.ACTIVE, 8)


def test_five_reviews_that_fail_spread_over_hours_do_not_slow_the_others(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    kustomer.always = Told(500)
    for _ in range(5):
        leave(1)
        send_all()
        clock.advance(minutes=30)
    assert destination().mode is Mode.ACTIVE


def test_after_hours_of_one_failing_five_more_within_ten_minutes_slow_all(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    kustomer.always = Told(500)
    leave(1)
    send_all()
    clock.advance(hours=1)
    leave(6)
    send_all()
    assert destination().mode is Mode.THROTTLED


def test_three_reviews_refused_in_a_row_need_a_person_and_one_refused_three_times_does_not(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    kustomer.always = Told(422)
    [row] = leave(1)
    for _ in range(4):
        send_all()
        with transaction() as session:
            replay_delivery(session, session.get_one(Delivery, row.id), clock=clock)
    assert destination().mode is Mode.ACTIVE
    leave(2)
    send_all()
    assert (destination().mode, destination().reason) == (Mode.NEEDS_ATTENTION, AttentionReason.REFUSED_BODY)


def test_a_success_between_begins_the_count_anew(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    for status in (400, 400, 200, 400, 400):
        kustomer.told = [Told(status)]
        leave(1)
        send_all()
    assert destination().mode is Mode.ACTIVE


def test_while_all_fail_the_probe_does_not_wait_for_a_rows_own_schedule(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(5)
    kustomer.always = Told(503)
    send_all()
    with transaction() as session:
        for row in session.scalars(select(Delivery)):
            row.next_at = clock() + timedelta(hours=2)
    kustomer.always = None
    clock.advance(minutes=11)
    with transaction() as session:
        sweep_deliveries(session, now=clock())
    for _ in range(2):
        send_all()
    assert set(states()) == {DeliveryState.DELIVERED}


def test_a_replay_of_a_delivered_one_is_one_more_try_and_it_stays_delivered(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    send_all()
    kustomer.told = [Told(500)]
    with transaction() as session:
        replay_delivery(session, session.get_one(Delivery, row.id), clock=clock)
    send_all()
    assert (fresh(row).state, attempts()) == (DeliveryState.DELIVERED, [(1, 200, "delivered"), (2, 500, "server")])
    assert kustomer.requests[0].body == kustomer.requests[1].body


def test_a_pause_before_a_replay_went_out_leaves_a_delivered_one_delivered(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    send_all()
    with transaction() as session:
        replay_delivery(session, session.get_one(Delivery, row.id), clock=clock)
        pause(session, session.scalars(select(Destination)).one())
    send_all()
    assert (fresh(row).state, len(kustomer.requests)) == (DeliveryState.DELIVERED, 1)


def test_a_test_goes_out_while_all_is_held_and_its_success_heals(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools
) -> None:
    leave(2)
    kustomer.told = [Told(401)] * 2
    send_all()
    assert set(states()) == {DeliveryState.HELD}
    with transaction() as session:
        hook = session.scalars(select(Destination)).one()
        send_test_review(session, hook, email="merchant@example.com", clock=clock, make_id=tools.make_id)
    for _ in range(2):
        send_all()
    assert set(states()) == {DeliveryState.DELIVERED}
    assert kustomer.requests[2].event["reviewerEmail"] == "merchant@example.com"


def test_a_test_that_fails_is_over_after_minutes_and_never_held(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, tools: Tools
) -> None:
    leave(1)
    send_all()
    kustomer.always = Told(401)
    with transaction() as session:
        hook = session.scalars(select(Destination)).one()
        send_test_review(session, hook, email="merchant@example.com", clock=clock, make_id=tools.make_id)
    for _ in range(3):
        send_all()
        clock.advance(minutes=3)
    assert sorted(states()) == [DeliveryState.DELIVERED, DeliveryState.FAILED]


def test_time_spent_held_is_not_charged(leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock) -> None:
    [row] = leave(1)
    with transaction() as session:
        pause(session, session.scalars(select(Destination)).one())
    clock.advance(days=30)
    with transaction() as session:
        heal_destination(session, session.scalars(select(Destination)).one(), now=clock())
    kustomer.told = [Told(500)]
    send_all()
    assert fresh(row).state is DeliveryState.WAITING


def test_a_canary_is_one_request_and_the_oldest(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [first] = leave(1)
    clock.advance(minutes=1)
    leave(3)
    kustomer.told = [Told(410)] * 2
    send_all()
    before = len(kustomer.requests)
    kustomer.told = [Told(500)]
    with transaction() as session:
        assert send_canary(session, session.scalars(select(Destination)).one(), now=clock())
    send_all()
    assert kustomer.requests[before].event["eventId"] == str(first.id)
    assert (len(kustomer.requests), set(states())) == (before + 1, {DeliveryState.HELD})
