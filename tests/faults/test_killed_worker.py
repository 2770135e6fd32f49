import threading
from collections import Counter

import pytest
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.lib.clock import utc_now
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.house import House
from tests.fakes.program import eventually, kill, running
from tests.fakes.receiver import Got, Told
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
KILLS = 20


def leave_at_a_new_store(house: House, place: int) -> None:
    """Each kill has a store of its own, so that none waits for the slots of one before."""
    with house.app.app_context(), transaction() as writing:
        store = make_store(writing, f"store{place}")
        make_destination(writing, store, api_url=f"{house.kustomer.url}/{place}")
        leave_review(writing, store, make_product(writing, store), clock=utc_now)


def test_a_worker_killed_while_the_answer_is_held_sends_the_same_bytes_again(house: House, tell: Tell) -> None:
    held = threading.Event()
    seen: set[object] = set()

    def first_is_held(got: Got) -> Told | None:
        is_first = got.event["eventId"] not in seen
        seen.add(got.event["eventId"])
        return Told(hold=held) if is_first else None

    house.kustomer.answer_to = first_is_held
    with running(house.settings, "scheduler"):
        for place in range(KILLS):
            with running(house.settings, "worker", "kustomer") as worker:
                leave_at_a_new_store(house, place)
                eventually(lambda place=place: len(seen) > place, within=60)  # type: ignore[misc]
                kill(worker)
        with running(house.settings, "worker", "kustomer"):
            eventually(lambda: house.states() == {DeliveryState.DELIVERED: KILLS}, within=150)
    held.set()
    requests = Counter(request.event["eventId"] for request in house.kustomer.requests)
    bodies = {request.body for request in house.kustomer.requests}
    with house.app.app_context():
        tries = session().execute(select(Attempt.delivery_id, Attempt.outcome)).all()
        rows = session().scalars(select(Delivery)).all()
        took = max((row.delivered_at - row.created_at).total_seconds() for row in rows if row.delivered_at)
    tell(f"worker and child killed {KILLS} times", lost=0, most_requests=max(requests.values()), slowest=took)
    assert (len(requests), len(bodies)) == (KILLS, KILLS)
    # A kill may also hit the second try of a store before: each request beyond the delivered one is a killed try.
    ended = Counter(outcome for _, outcome in tries)
    assert set(ended) == {"unknown", "delivered"}
    assert ended["delivered"] == KILLS
    assert KILLS <= ended["unknown"] <= KILLS + KILLS // 2
    assert requests.total() == len(tries)
    assert max(requests.values()) <= 1 + max(Counter(row for row, outcome in tries if outcome == "unknown").values())
