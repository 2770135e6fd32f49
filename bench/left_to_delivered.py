"""How long a review takes from its commit to the helpdesk, at 20 a second, with a real queue and worker."""

import threading
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from bench.serving import empty_tables
from reviews_app.db.database import session
from reviews_app.models.delivery import Delivery
from tests.fakes.house import House, running_house
from tests.fakes.program import eventually, running

A_SECOND, SECONDS = 20, 20


def measure() -> dict[str, float]:
    with TemporaryDirectory() as folder:
        settings = empty_tables(Path(folder))
        with running_house(settings, unit=1.0) as house, running(house.settings, "worker", "kustomer"):
            house.leave(1)
            eventually(lambda: house.all_delivered(1))
            left = [leave_at(house, place) for place in range(A_SECOND * SECONDS)]
            for thread in left:
                thread.join()
            eventually(lambda: house.all_delivered(len(left) + 1), within=60)
            with house.app.app_context():
                rows = session().execute(select(Delivery.created_at, Delivery.delivered_at)).all()
                assert session().scalar(select(func.count()).select_from(Delivery)) == len(left) + 1
    took = [(row.delivered_at - row.created_at).total_seconds() for row in rows[1:]]
    steps = quantiles(took, n=100)
    return {"reviews": len(took), "p50_s": round(steps[49], 3), "p99_s": round(steps[98], 3)}


def leave_at(house: House, place: int) -> threading.Thread:
    thread = threading.Timer(place / A_SECOND, house.leave, args=(1,))
    thread.start()
    return thread
