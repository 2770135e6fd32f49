from collections.abc import Iterator

import pytest

from reviews_app.config import Settings
from reviews_app.models.delivery import DeliveryState
from tests.fakes.house import House, running_house
from tests.fakes.program import eventually, running
from tests.fakes.receiver import Told


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    with running_house(settings) as made:
        yield made


def test_a_worker_sends_what_the_bell_rings_for(house: House) -> None:
    with running(house.settings, "worker", "kustomer"):
        house.leave(5)
        eventually(lambda: house.all_delivered(5))
    assert len(house.kustomer.requests) == 5


def test_what_was_left_without_a_worker_or_a_queue_arrives_when_they_are_back(house: House) -> None:
    house.queue.stop()
    house.leave(3)
    assert house.states() == {DeliveryState.WAITING: 3}
    house.queue.start()
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.all_delivered(3), within=60)


def test_three_faults_are_tried_again_by_the_sweep(house: House) -> None:
    house.kustomer.told = [Told(500), Told(500), Told(500)]
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        house.leave(1)
        eventually(lambda: house.all_delivered(1), within=60)
    assert [request.body for request in house.kustomer.requests] == [house.kustomer.requests[0].body] * 4


def test_drain_sends_without_queue_or_worker(house: House) -> None:
    house.queue.stop()
    house.leave(3)
    runner = house.app.test_cli_runner()
    answer = runner.invoke(args=["drain"])
    assert "deliveries arrived: 3" in answer.output
    assert house.all_delivered(3)
