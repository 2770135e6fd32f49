"""Requests and answers week by week, from Monday to Monday in the store's own zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailState
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.request_list import Listed, request_counts
from reviews_app.queries.request_weeks import WEEKS, request_weeks
from reviews_app.queries.store_today import store_today
from reviews_app.services.request_reviews import request_reviews
from tests.factories.bought import make_bought
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import START

BERLIN, CHATHAM = "Europe/Berlin", "Pacific/Chatham"
SECOND = timedelta(seconds=1)


def make_shop(session: Session, slug: str = "larkspur", zone: str = BERLIN) -> tuple[Store, Order]:
    store = make_store(session, slug)
    store.time_zone = zone
    return store, make_order(session, store, make_product(session, store))


def ask(session: Session, order: Order, *moments: datetime) -> None:
    for at in moments:
        row = ReviewRequest(store_id=order.store_id, order_id=order.id, token_hash=new_id().bytes, created_at=at)
        row.expires_at = at + timedelta(days=90)
        session.add(row)
    session.flush()


def sent(session: Session, store: Store, now: datetime) -> dict[date, int]:
    return {week.begins: week.sent for week in request_weeks(session, store, now=now) if week.sent}


def test_a_store_that_asked_nobody_has_twelve_empty_weeks(session: Session) -> None:
    store, _order = make_shop(session)
    weeks = request_weeks(session, store, now=START)
    assert [(one.sent, one.reviewed) for one in weeks] == [(0, 0)] * WEEKS
    assert weeks[-1].begins == date(2026, 11, 23)
    assert {(later.begins - one.begins).days for one, later in pairwise(weeks)} == {7}


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        (BERLIN, datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (CHATHAM, datetime(2026, 9, 27, 10, 15, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 2, 5, tzinfo=UTC)),
        ("UTC", datetime(2026, 11, 16, tzinfo=UTC)),
    ],
)
def test_a_week_begins_at_the_stores_own_midnight_also_when_clocks_were_just_changed(
    session: Session, zone: str, midnight: datetime
) -> None:
    store, order = make_shop(session, zone=zone)
    ask(session, order, midnight - SECOND, midnight, midnight + SECOND)
    monday = midnight.astimezone(ZoneInfo(zone)).date()
    assert sent(session, store, START) == {monday - timedelta(weeks=1): 1, monday: 2}


def test_what_is_older_than_twelve_weeks_or_still_to_come_counts_nowhere(session: Session) -> None:
    store, order = make_shop(session)
    first = datetime(2026, 9, 6, 22, tzinfo=UTC)
    ask(session, order, first - SECOND, first, datetime(2026, 11, 29, 23, tzinfo=UTC))
    assert sent(session, store, START) == {date(2026, 9, 7): 1}


def test_the_weeks_are_those_of_a_plain_count(session: Session) -> None:
    (store, order), (_other, theirs) = make_shop(session), make_shop(session, "juniper")
    dice = Random(11)
    moments = [START - timedelta(minutes=dice.randrange(90 * 24 * 60)) for _ in range(150)]
    ask(session, order, *moments)
    ask(session, theirs, *moments[:40])
    zone = ZoneInfo(BERLIN)
    days = [at.astimezone(zone).date() for at in moments]
    mondays = [day - timedelta(days=day.weekday()) for day in days]
    found = request_weeks(session, store, now=START)
    assert [week.sent for week in found] == [mondays.count(week.begins) for week in found]


def test_a_request_whose_mail_was_cancelled_counts_on_no_page(session: Session, app: Flask) -> None:
    store, order = make_shop(session)
    pack = order.lines[0].product
    orders = [
        order,
        *(make_order(session, store, pack, email=f"{name}@example.com", number=name) for name in ("ann", "zoe")),
    ]
    mails = [request_reviews(session, one, store=store, tools=app.extensions["tools"]).mail for one in orders]
    for mail, state in zip(mails, (MailState.SENT, MailState.WAITING, MailState.CANCELLED), strict=True):
        assert mail is not None
        mail.state = state
    session.flush()
    assert sent(session, store, START) == {date(2026, 11, 23): 2}
    assert request_counts(session, store)[Listed.SENT] == 2
    assert store_today(session, store, now=START).asked == 2


def test_an_answer_counts_in_the_week_it_came(session: Session, app: Flask) -> None:
    bought = make_bought(session, app.extensions["tools"])
    bought.review(bought.pack)
    bought.review(bought.stove)
    session.flush()
    last = request_weeks(session, bought.store, now=START)[-1]
    assert (last.sent, last.reviewed) == (1, 2)
