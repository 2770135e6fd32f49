import time
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.lib.clock import utc_now
from reviews_app.models.delivery import Delivery
from tests.fakes.house import House
from tests.fakes.program import eventually, running
from tests.faults.conftest import Tell
from tests.faults.doors import open_forms, p95

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]


def usual(house: House) -> list[float]:
    """How long answers take while all is well, on this machine at this moment."""
    return [form.send() for form in open_forms(house, 20)]


def test_a_stopped_queue_delays_nobody_and_loses_nothing(house: House, tell: Tell) -> None:
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        before, forms = usual(house), open_forms(house, 100)
        eventually(lambda: house.all_delivered(20), within=120)
        house.queue.stop()
        took = [form.send() for form in forms]
        house.queue.start()
        began = time.monotonic()
        eventually(lambda: house.all_delivered(120), within=60)
        seconds = time.monotonic() - began
    tell(
        "queue stopped, 100 reviews",
        p95=p95(took),
        p95_before=p95(before),
        lost=0,
        twice=house.twice(),
        all_there_after=seconds,
    )
    assert p95(took) <= p95(before) + 0.5
    assert house.twice() == 0


def test_a_frozen_queue_holds_no_shopper_for_a_second(house: House, tell: Tell) -> None:
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        before, forms = usual(house), open_forms(house, 20)
        eventually(lambda: house.all_delivered(20), within=120)
        house.queue.freeze()
        took = [form.send() for form in forms]
        house.queue.thaw()
        eventually(lambda: house.all_delivered(40), within=60)
    tell(
        "queue frozen, 20 reviews",
        slowest=max(took),
        p50=median(took),
        p50_before=median(before),
        lost=0,
        twice=house.twice(),
    )
    # On a machine that is slow for other reasons the bell's own 0.3 s are what counts.
    assert max(took) <= 1.0 or median(took) <= median(before) + 0.3


def test_a_flushed_queue_loses_nothing_and_hurries_nothing(house: House, tell: Tell) -> None:
    house.leave(550)
    with house.app.app_context(), transaction() as writing:
        later = utc_now() + timedelta(seconds=20)
        scheduled = writing.scalars(select(Delivery).order_by(Delivery.created_at.desc()).limit(50)).all()
        for row in scheduled:
            row.tries, row.next_at = 1, later
        ids = {row.id for row in scheduled}
    house.queue.client().flushall()
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.all_delivered(550), within=180)
    with house.app.app_context():
        arrived = {row.id: row.delivered_at for row in session().scalars(select(Delivery))}
    early = [one for one in ids if (arrived[one] or later) < later]
    tell("queue flushed, 500 waiting, 50 scheduled", lost=0, early=len(early), twice=house.twice())
    assert (early, house.twice()) == ([], 0)


def test_a_queue_that_comes_back_empty_loses_nothing(house: House, tell: Tell) -> None:
    house.leave(20)
    house.queue.stop()
    house.queue.forget()
    house.queue.start()
    with running(house.settings, "worker", "kustomer"), running(house.settings, "scheduler"):
        eventually(lambda: house.all_delivered(20), within=60)
    tell("queue restarted empty, 20 waiting", lost=0, twice=house.twice())
