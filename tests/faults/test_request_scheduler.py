"""Real schedulers and a real mail worker: started twice, killed again and again, and stood still for two hours."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.lib.clock import utc_now
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.services.plan_requests import plan_order
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.store import make_store
from tests.fakes.house import House
from tests.fakes.program import eventually, kill, running, start
from tests.fakes.smtp import KeptMail, smtp_server

pytestmark = pytest.mark.faults
COUNT = 120


@pytest.fixture
def inbox() -> Iterator[KeptMail]:
    with smtp_server() as kept:
        yield kept


def noon_zone() -> str:
    """A zone in which it is about noon now, so that no test waits for the morning."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def due_requests(house: House, inbox: KeptMail, *, late: timedelta) -> House:
    """Orders whose mails have been due for some time."""
    own = house.settings.model_copy(update={"smtp_url": inbox.url})
    app = create_app(own)
    now = utc_now()
    with app.app_context(), transaction() as writing:
        store = make_store(writing, "asking")
        make_rule(writing, store, on_since=now - timedelta(days=60), hour=0, reminders=0)
        product = make_product(writing, store)
        for number in range(COUNT):
            order = make_order(writing, store, product, email=f"b{number}@example.com", number=f"#{number}")
            order.country_code, order.time_zone, order.fulfilled_at = "US", noon_zone(), now - timedelta(days=30)
            plan_order(writing, store, order, now=now)
        for plan in writing.scalars(select(PlannedMail)):
            plan.due_at = now - late
    dispose_database(app)
    return House(house.app, own, house.queue, house.kustomer)


def sent(house: House) -> int:
    with house.app.app_context():
        session().rollback()
        left = select(func.count()).select_from(PlannedMail).where(PlannedMail.state == PlannedState.SENT)
        return session().scalar(left) or 0


def each_once(inbox: KeptMail) -> bool:
    counts = Counter(one.rcpt_tos[0] for one in inbox.envelopes)
    assert max(counts.values(), default=1) == 1
    return len(counts) == COUNT


def test_two_schedulers_send_each_mail_once(house: House, inbox: KeptMail) -> None:
    asking = due_requests(house, inbox, late=timedelta(minutes=1))
    with (
        running(asking.settings, "scheduler"),
        running(asking.settings, "scheduler"),
        running(asking.settings, "worker", "mail"),
    ):
        eventually(lambda: each_once(inbox), within=120)
    assert sent(asking) == COUNT


def test_a_scheduler_killed_again_and_again_sends_each_mail_once(house: House, inbox: KeptMail) -> None:
    asking = due_requests(house, inbox, late=timedelta(minutes=1))
    chance = random.Random(7)
    with running(asking.settings, "worker", "mail"):
        for _ in range(6):
            process = start(asking.settings, "flask", "scheduler")
            time.sleep(chance.uniform(2.0, 5.0))
            kill(process)
        with running(asking.settings, "scheduler"):
            eventually(lambda: each_once(inbox), within=120)
    assert sent(asking) == COUNT


def test_after_two_hours_without_a_scheduler_each_mail_goes_once(house: House, inbox: KeptMail) -> None:
    asking = due_requests(house, inbox, late=timedelta(hours=2))
    with running(asking.settings, "scheduler"), running(asking.settings, "worker", "mail"):
        eventually(lambda: each_once(inbox), within=120)
    assert sent(asking) == COUNT
