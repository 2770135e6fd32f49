"""Three days of 503 by a clock that is handed in, as commands hand in theirs: every sweep and every try is real."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from reviews_app.config import Settings
from reviews_app.db.after_commit import Ring
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.lib.outgoing_http import OutgoingHttp
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.sweep_deliveries import sweep_deliveries
from reviews_app.services.tools import Tools
from tests.factories.backlog import make_backlog
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.receiver import Receiver, Told, receiver
from tests.fakes.tools import fake_tools
from tests.faults.conftest import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]
SWEEP = timedelta(seconds=15)
STEPS, LATER, JITTER = (5, 30, 120, 600, 1800, 3600), 7200, 0.2
DAYS = timedelta(days=3)


class KeptBell:
    """Keeps what was rung for, so that the test is the worker."""

    def __init__(self) -> None:
        self.rung: list[UUID] = []

    def ring(self, rings: list[Ring]) -> int:
        self.rung.extend(one.row_id for one in rings)
        return len(rings)


class Days:
    """Lives through days in seconds: from sweep to sweep, but only those at which something is due."""

    def __init__(self, app: Flask, tools: Tools, clock: FakeClock, kustomer: Receiver) -> None:
        self._app, self._tools, self._clock = app, tools, clock
        self._http = OutgoingHttp(extra_origins=(kustomer.origin,))
        self._bell = app.extensions["bell"] = KeptBell()
        self._began = clock()

    def live(self, until: datetime) -> None:
        """Sweep and work until then, or until nothing waits."""
        while (due := self._next_due()) is not None and due <= until:
            self._clock.now = self._sweep_at(max(due, self._clock.now + SWEEP))
            with transaction() as writing:
                sweep_deliveries(writing, now=self._clock())
            while self._bell.rung:
                send_to_kustomer(self._bell.rung.pop(), tools=self._tools, http=self._http, per_second=1_000_000)

    def _sweep_at(self, due: datetime) -> datetime:
        """The first sweep from then on."""
        turns = -(-(due - self._began) // SWEEP)
        return self._began + turns * SWEEP

    def _next_due(self) -> datetime | None:
        reading = session()
        reading.rollback()
        first = reading.scalar(select(func.min(Delivery.next_at)).where(Delivery.state == DeliveryState.WAITING))
        destination = reading.scalars(select(Destination)).one()
        return destination.probe_at if first and destination.mode is Mode.THROTTLED else first


@pytest.fixture
def kustomer() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def tools(settings: Settings, clock: FakeClock, kustomer: Receiver) -> Tools:
    own = settings.model_copy(update={"kustomer_extra_origins": kustomer.origin})
    return replace(fake_tools(own, clock), settings=own)


@pytest.fixture
def days(tools: Tools, clock: FakeClock, kustomer: Receiver) -> Iterator[Days]:
    app = create_app(tools=tools)
    with app.app_context():
        yield Days(app, tools, clock, kustomer)
    dispose_database(app)


def leave(count: int, kustomer: Receiver, now: datetime) -> None:
    with transaction() as writing:
        store = make_store(writing)
        make_destination(writing, store, api_url=kustomer.url)
        make_backlog(writing, store, make_product(writing, store), count, now=now)


def tried_at() -> list[datetime]:
    session().rollback()
    return list(session().scalars(select(Attempt.started_at).order_by(Attempt.started_at)))


def gaps(moments: list[datetime]) -> list[float]:
    return [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]


def test_one_review_is_tried_by_the_schedule_and_never_early(
    days: Days, kustomer: Receiver, clock: FakeClock, tell: Tell
) -> None:
    leave(1, kustomer, clock())
    kustomer.always = Told(503)
    recovery = clock() + DAYS
    days.live(until=recovery)
    kustomer.always = None
    days.live(until=recovery + timedelta(hours=3))
    seen = gaps(tried_at())
    expected = [*STEPS, *[LATER] * (len(seen) - len(STEPS))]
    late = max(gap - step * (1 + JITTER) for gap, step in zip(seen, expected, strict=True))
    tell("503 for 3 days, 1 review", tries=len(seen) + 1, shortest_gap=min(seen), latest_after_schedule=late)
    assert all(gap >= step for gap, step in zip(seen, expected, strict=True))
    assert late <= SWEEP.total_seconds()
    assert len(kustomer.requests) == len(seen) + 1 >= 35
    assert session().scalars(select(Delivery.state)).all() == [DeliveryState.DELIVERED]


def test_many_reviews_become_one_probe_every_ten_minutes_and_all_arrive_soon_after(
    days: Days, kustomer: Receiver, clock: FakeClock, tell: Tell
) -> None:
    leave(2000, kustomer, clock())
    kustomer.always = Told(503)
    recovery = clock() + DAYS
    days.live(until=recovery)
    failed = tried_at()
    kustomer.always = None
    days.live(until=recovery + timedelta(hours=3))
    probes = gaps(failed)[10:]
    healed = max(session().scalars(select(Delivery.delivered_at))) - recovery  # type: ignore[type-var, operator]
    tell("503 for 3 days, 2,000 reviews", requests=len(failed), shortest_gap=min(probes), healed_after=healed)
    assert min(probes) >= 600
    assert len(failed) <= 10 + DAYS / timedelta(minutes=10)
    assert healed <= timedelta(minutes=12)
    assert set(session().scalars(select(Delivery.state))) == {DeliveryState.DELIVERED}
    assert len({request.body for request in kustomer.requests}) == 2000
