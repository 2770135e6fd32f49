from datetime import timedelta

import pytest

from reviews_app.db.database import transaction
from reviews_app.models.delivery import DEADLINE, Delivery, DeliveryState
from reviews_app.models.destination import AttentionReason, Mode
from reviews_app.services.sweep_deliveries import sweep_deliveries
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, Told
from tests.services.dispatch.looking import Leave, Send, attempts, destination, fresh, states


@pytest.mark.parametrize("status", [401, 404, 408, 413, 425, 500, 503])
def test_a_wait_that_was_asked_for_is_kept_whatever_the_answer(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, status: int
) -> None:
    leave(1)
    kustomer.told = [Told(status, headers={"Retry-After": "900"})]
    send_all()
    clock.advance(seconds=899)
    send_all()
    assert len(kustomer.requests) == 1
    clock.advance(seconds=2)
    send_all()
    assert (len(kustomer.requests), states()) == (2, [DeliveryState.DELIVERED])


def test_nobody_is_waited_for_longer_than_a_day(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    kustomer.told = [Told(503, headers={"Retry-After": "999999"})]
    send_all()
    assert fresh(row).next_at == clock() + timedelta(hours=24)


def test_a_full_rate_spares_the_whole_destination_for_a_minute_at_least(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(6)
    kustomer.told = [Told(429, headers={"Retry-After": "1"})] * 2
    send_all()
    assert (len(kustomer.requests), destination().mode) == (2, Mode.THROTTLED)
    clock.advance(seconds=59)
    send_all()
    assert len(kustomer.requests) == 2
    clock.advance(seconds=2)
    for _ in range(2):
        send_all()
    assert set(states()) == {DeliveryState.DELIVERED}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_tried_once_more_after_two_minutes_and_then_a_person_is_asked(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, status: int
) -> None:
    leave(1)
    kustomer.always = Told(status, body=b'{"errors":[{"title":"Expired token"}]}')
    send_all()
    clock.advance(seconds=119)
    send_all()
    assert (len(kustomer.requests), destination().mode) == (1, Mode.ACTIVE)
    clock.advance(seconds=2)
    send_all()
    assert (len(kustomer.requests), destination().reason) == (2, AttentionReason.KEY)
    assert "Expired token" in destination().reason_detail


def test_a_key_that_is_refused_once_and_then_taken_troubles_nobody(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    leave(1)
    kustomer.told = [Told(401)]
    send_all()
    clock.advance(minutes=3)
    send_all()
    assert (destination().mode, states()) == (Mode.ACTIVE, [DeliveryState.DELIVERED])


@pytest.mark.parametrize("status", [400, 405, 418, 422, 451])
def test_any_other_refusal_fails_that_review_alone(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock, status: int
) -> None:
    leave(1)
    kustomer.always = Told(status)
    for _ in range(3):
        send_all()
        clock.advance(days=1)
    assert attempts() == [(1, status, "refused_body")]
    assert (destination().mode, states()) == (Mode.ACTIVE, [DeliveryState.FAILED])


def test_one_that_takes_its_worker_down_each_time_is_given_up_after_a_week(
    leave: Leave, send_all: Send, kustomer: Receiver, clock: FakeClock
) -> None:
    [row] = leave(1)
    for days, state in ((6, DeliveryState.WAITING), (2, DeliveryState.FAILED)):
        clock.advance(days=days)
        with transaction() as session:
            taken = session.get_one(Delivery, row.id)
            taken.state, taken.lease_until = DeliveryState.SENDING, clock() - timedelta(days=900)
            sweep_deliveries(session, now=clock())
        assert fresh(row).state is state
    assert fresh(row).deadline_at == fresh(row).created_at + DEADLINE
    assert kustomer.requests == []
