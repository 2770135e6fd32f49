import time

import pytest

from tests.fakes.house import House
from tests.fakes.program import eventually, running

pytestmark = pytest.mark.faults


def test_a_stopped_queue_delays_nobody_and_loses_nothing(house: House) -> None:
    house.queue.stop()
    slowest = slowest_of(house, 100)
    house.queue.start()
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.all_delivered(100), within=60)
    assert slowest < 0.5


def test_a_frozen_queue_holds_no_shopper_for_a_second(house: House) -> None:
    house.queue.freeze()
    slowest = slowest_of(house, 20)
    house.queue.thaw()
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.all_delivered(20), within=60)
    assert slowest < 1.0


def test_a_flushed_queue_loses_nothing(house: House) -> None:
    house.leave(500)
    house.queue.client().flushall()
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.all_delivered(500), within=120)
    assert len(house.kustomer.requests) <= 504


def slowest_of(house: House, count: int) -> float:
    """Seconds the slowest of so many reviews took to be taken in."""
    slowest = 0.0
    for _ in range(count):
        began = time.monotonic()
        house.leave(1)
        slowest = max(slowest, time.monotonic() - began)
    return slowest
