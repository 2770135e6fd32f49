import signal

import pytest

from tests.fakes.house import House
from tests.fakes.program import eventually, kill, running

pytestmark = pytest.mark.faults


def test_a_worker_outlives_its_queue(house: House) -> None:
    with running(house.settings, "worker", "kustomer") as worker, running(house.settings, "scheduler"):
        house.leave(1)
        eventually(lambda: house.all_delivered(1))
        for left in (2, 3):
            house.queue.stop()
            house.leave(1)
            house.queue.start()
            eventually(lambda left=left: house.all_delivered(left), within=60)  # type: ignore[misc]
        assert worker.poll() is None


def test_a_worker_started_before_its_queue_waits_for_it(house: House) -> None:
    house.queue.stop()
    house.leave(1)
    with running(house.settings, "worker", "kustomer") as worker, running(house.settings, "scheduler"):
        eventually(lambda: worker.poll() is None)
        house.queue.start()
        eventually(lambda: house.all_delivered(1), within=60)


def test_a_worker_told_to_stop_ends_by_itself(house: House) -> None:
    with running(house.settings, "worker", "kustomer") as worker:
        house.leave(1)
        eventually(lambda: house.all_delivered(1))
        kill(worker, signal.SIGTERM)
        assert worker.returncode == 0


def test_a_scheduler_told_to_stop_ends_by_itself(house: House) -> None:
    with running(house.settings, "scheduler") as scheduler:
        house.leave(1)
        eventually(lambda: house.queue.client().llen("rq:queue:kustomer") > 1, within=60)
        kill(scheduler, signal.SIGTERM)
        assert scheduler.returncode == 0
