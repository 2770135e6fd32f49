"""What Home counts: who waits and since when, what goes out tomorrow by the store's own clock, what is set up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.destination import GOOD_NEWS, Destination, Mode
from reviews_app.models.mail_sender import MailSender
from reviews_app.models.order import Order
from reviews_app.models.planned_mail import PlannedMail
from reviews_app.models.request_rule import default_rule
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.store_today import LATELY, StoreToday, store_today
from tests.factories.destination import make_destination
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import START

HOUR, DAY, INSTANT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)


def ask(session: Session, order: Order, *moments: datetime) -> None:
    for at in moments:
        row = ReviewRequest(store_id=order.store_id, order_id=order.id, token_hash=new_id().bytes, created_at=at)
        row.expires_at = at + 90 * DAY
        session.add(row)


def plan(session: Session, order: Order, *due: datetime) -> None:
    for n, at in enumerate(due):
        row = PlannedMail(store_id=order.store_id, order_id=order.id, kind=Asking.REMINDER, n=n, planned_at=START)
        row.due_at = row.due_first = at
        session.add(row)


def leave(session: Session, store: Store, state: ReviewState, *ages: timedelta) -> None:
    product = make_product(session, store, f"pack-{new_id().hex}")
    for age in ages:
        review: Review = leave_review(session, store, product)
        review.state, review.created_at = state, START - age


def today(session: Session, store: Store, now: datetime = START) -> StoreToday:
    session.flush()
    return store_today(session, store, now=now)


def test_in_a_new_store_nobody_waits_and_nothing_came(session: Session) -> None:
    found = today(session, make_store(session))
    assert (found.pending, found.oldest_waits, found.last_came, found.asked, found.due_tomorrow) == (0, "", "", 0, 0)
    assert (found.is_stopped, found.mode, found.reason_detail, found.healed_at) == (False, None, "", None)


def test_the_oldest_that_waits_is_told_and_the_last_that_came_whatever_became_of_it(session: Session) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    leave(session, store, ReviewState.PENDING, 5 * HOUR, 6 * HOUR, 7 * HOUR)
    leave(session, store, ReviewState.PUBLISHED, 9 * DAY, 2 * HOUR)
    leave(session, store, ReviewState.REJECTED, 8 * DAY)
    leave(session, other, ReviewState.PENDING, 30 * DAY, 0 * DAY)
    found = today(session, store)
    assert (found.pending, found.oldest_waits, found.last_came) == (3, "7 hours", "2 hours")
    found = today(session, other)
    assert (found.pending, found.oldest_waits, found.last_came) == (2, "30 days", "less than a minute")


def test_asked_lately_is_within_seven_days_to_the_instant(session: Session) -> None:
    orders = []
    for slug in ("larkspur", "juniper"):
        store = make_store(session, slug)
        orders.append(make_order(session, store, make_product(session, store)))
    begin = START - LATELY
    ask(session, orders[0], begin - INSTANT, begin, begin + INSTANT, START)
    ask(session, orders[1], begin + INSTANT)
    counts = [today(session, session.get_one(Store, order.store_id)).asked for order in orders]
    assert counts == [2, 1]


# A store's zone, a moment there, and when its tomorrow begins and ends.
TOMORROWS = {
    "a plain day": ("UTC", START, datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC)),
    "already tomorrow in UTC": (
        "America/New_York",
        datetime(2026, 11, 24, 4, 59, tzinfo=UTC),
        datetime(2026, 11, 24, 5, tzinfo=UTC),
        datetime(2026, 11, 25, 5, tzinfo=UTC),
    ),
    "still today in UTC": (
        "Pacific/Auckland",
        datetime(2026, 11, 23, 11, tzinfo=UTC),
        datetime(2026, 11, 24, 11, tzinfo=UTC),
        datetime(2026, 11, 25, 11, tzinfo=UTC),
    ),
    "a day of 23 hours": (
        "Europe/Berlin",
        datetime(2027, 3, 27, 12, tzinfo=UTC),
        datetime(2027, 3, 27, 23, tzinfo=UTC),
        datetime(2027, 3, 28, 22, tzinfo=UTC),
    ),
    "a day of 25 hours": (
        "Europe/Berlin",
        datetime(2027, 10, 30, 12, tzinfo=UTC),
        datetime(2027, 10, 30, 22, tzinfo=UTC),
        datetime(2027, 10, 31, 23, tzinfo=UTC),
    ),
    "a day without its midnight": (
        "America/Santiago",
        datetime(2027, 9, 4, 12, tzinfo=UTC),
        datetime(2027, 9, 5, 4, tzinfo=UTC),
        datetime(2027, 9, 6, 3, tzinfo=UTC),
    ),
}


@pytest.mark.parametrize(("zone", "now", "begins", "ends"), TOMORROWS.values(), ids=TOMORROWS)
def test_tomorrow_is_the_stores_own_day(
    session: Session, zone: str, now: datetime, begins: datetime, ends: datetime
) -> None:
    store = make_store(session)
    store.time_zone = zone
    order = make_order(session, store, make_product(session, store))
    plan(session, order, begins - INSTANT, begins, ends - INSTANT, ends)
    assert today(session, store, now).due_tomorrow == 2


def test_a_rule_that_was_stopped_says_so_in_its_own_store(session: Session) -> None:
    stores = [make_store(session, slug) for slug in ("larkspur", "juniper")]
    for store in stores:
        make_rule(session, store, stopped_at=START if store.slug == "juniper" else None)
    assert [today(session, store).is_stopped for store in stores] == [False, True]


def test_what_ails_kustomer_is_told_in_its_own_store(session: Session) -> None:
    stores = [make_store(session, slug) for slug in ("larkspur", "juniper")]
    for store, mode in zip(stores, (Mode.ACTIVE, Mode.NEEDS_ATTENTION), strict=True):
        make_destination(session, store, mode=mode).reason_detail = f"Said to {store.slug}."
    found = [today(session, store) for store in stores]
    assert [(one.mode, one.reason_detail) for one in found] == [
        (Mode.ACTIVE, "Said to larkspur."),
        (Mode.NEEDS_ATTENTION, "Said to juniper."),
    ]


@pytest.mark.parametrize(
    ("mode", "age", "is_told"),
    [
        (Mode.ACTIVE, timedelta(0), True),
        (Mode.ACTIVE, GOOD_NEWS - INSTANT, True),
        (Mode.ACTIVE, GOOD_NEWS, False),
        (Mode.PAUSED, timedelta(0), False),
        (Mode.NEEDS_ATTENTION, timedelta(0), False),
    ],
)
def test_that_kustomer_works_again_is_news_for_a_day_while_it_works(
    session: Session, mode: Mode, age: timedelta, is_told: bool
) -> None:
    store = make_store(session)
    make_destination(session, store, mode=mode).healed_at = START - age
    assert (today(session, store).healed_at == START - age) is is_told


Fact = Callable[[Session, Store], object]


def leave_as_it_is(_session: Session, _store: Store) -> None:
    pass


def lose_address(_session: Session, store: Store) -> None:
    store.postal_address = ""


def connect(session: Session, store: Store) -> None:
    make_destination(session, store, mode=Mode.PAUSED)


def switch_off_after_one_arrived(session: Session, store: Store) -> None:
    session.add(Destination(store_id=store.id, mode=Mode.OFF, last_delivered_at=START))


def switch_off(session: Session, store: Store) -> None:
    make_destination(session, store, mode=Mode.OFF)


def prove(session: Session, store: Store) -> None:
    session.add(MailSender(store_id=store.id, confirmed_at=START))


def write_to_a_test_address(session: Session, store: Store) -> None:
    session.add(MailSender(store_id=store.id, tested_at=START))


def save_rule(session: Session, store: Store, on_since: datetime | None = None) -> None:
    rule = default_rule(store.id)
    rule.on_since = on_since
    session.add(rule)


def ask_by_hand(session: Session, store: Store) -> None:
    order = make_order(session, store)
    ask(session, order, START - 90 * DAY)


REACHED, PRODUCT, ORDER, KUSTOMER, ARRIVED, TEST_MAIL, RULE = range(7)
TICKED: dict[str, tuple[Fact, set[int]]] = {
    "nothing": (leave_as_it_is, {REACHED}),
    "no postal address": (lose_address, set()),
    "a product": (make_product, {REACHED, PRODUCT}),
    "Kustomer, paused": (connect, {REACHED, KUSTOMER}),
    "Kustomer, switched off": (switch_off, {REACHED}),
    "Kustomer, switched off after one arrived": (switch_off_after_one_arrived, {REACHED, ARRIVED}),
    "a test mail that was received": (prove, {REACHED, TEST_MAIL}),
    "a test mail that was only sent": (write_to_a_test_address, {REACHED}),
    "a rule that is off": (save_rule, {REACHED}),
    "a rule that is on": (lambda session, store: save_rule(session, store, START), {REACHED, RULE}),
    "an order": (make_order, {REACHED, ORDER}),
    "a request by hand long ago": (ask_by_hand, {REACHED, ORDER, RULE}),
}


@pytest.mark.parametrize(("fact", "ticked"), TICKED.values(), ids=TICKED)
def test_each_step_is_ticked_by_what_is_so_and_in_that_store_alone(
    session: Session, fact: Fact, ticked: set[int]
) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    fact(session, store)
    assert {place for place, step in enumerate(today(session, store).steps) if step.is_done} == ticked
    assert [step.is_done for step in today(session, other).steps] == [True] + [False] * RULE
