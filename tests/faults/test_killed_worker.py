import threading

import pytest
from sqlalchemy import select

from reviews_app.db.database import session
from reviews_app.models.delivery import Attempt
from tests.fakes.house import House
from tests.fakes.program import eventually, kill, running
from tests.fakes.receiver import Told

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


def test_a_worker_killed_while_the_answer_is_held_sends_the_same_bytes_again(house: House) -> None:
    held = threading.Event()
    house.kustomer.told = [Told(hold=held)]
    with running(house.settings, "worker", "kustomer") as worker:
        house.leave(1)
        eventually(lambda: len(house.kustomer.requests) == 1)
        kill(worker)
    held.set()
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.all_delivered(1), within=90)
    bodies = [request.body for request in house.kustomer.requests]
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    with house.app.app_context():
        outcomes = session().scalars(select(Attempt.outcome).order_by(Attempt.n)).all()
    assert outcomes == ["unknown", "delivered"]
