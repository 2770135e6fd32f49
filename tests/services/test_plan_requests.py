from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from reviews_app.lib.ids import new_id
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order, OrderLine
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.request_rule import RequestWait
from reviews_app.models.store import Store
from reviews_app.services.plan_requests import plan_order, plan_requests
from reviews_app.services.request_refused import RequestRefused
from reviews_app.services.request_reviews import request_reviews
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock


@pytest.fixture
def store(session: Session) -> Store:
    made = make_store(session)
    made.time_zone = "Europe/Berlin"
    make_product(session, made)
    return made


def order_of(session: Session, store: Store, **facts: object) -> Order:
    """An order that left three days ago, from the store's own country unless the test says otherwise."""
    order = make_order(session, store, make_product(session, store, f"thing-{new_id().hex}"), number=new_id().hex)
    values = {"country_code": "US", "time_zone": "America/New_York", "fulfilled_at": START - timedelta(days=3)} | facts
    for name, value in values.items():
        setattr(order, name, value)
    session.flush()
    return order


def planned(session: Session) -> list[PlannedMail]:
    return list(session.scalars(select(PlannedMail).order_by(PlannedMail.id)))


def the_plan(session: Session, store: Store, order: Order, now: datetime = START) -> PlannedMail:
    plan_order(session, store, order, now=now)
    return session.scalars(select(PlannedMail).where(PlannedMail.order_id == order.id)).one()


def test_without_a_rule_or_with_one_that_is_off_nothing_is_planned(session: Session, store: Store) -> None:
    order = order_of(session, store)
    plan_order(session, store, order, now=START)
    make_rule(session, store, on_since=None)
    plan_order(session, store, order, now=START)
    assert plan_requests(session, now=START) == 0
    assert planned(session) == []


def test_an_order_is_asked_for_three_weeks_after_it_left_at_ten_where_its_buyer_is(
    session: Session, store: Store
) -> None:
    make_rule(session, store)
    # Left on 20 November at 12:00 UTC, 07:00 in New York; the hour is 10:00 there, five hours after UTC.
    row = the_plan(session, store, order_of(session, store))
    assert (row.due_at.isoformat(), row.state) == ("2026-12-11T15:00:00+00:00", PlannedState.PLANNED)


def test_abroad_takes_four_weeks(session: Session, store: Store) -> None:
    make_rule(session, store)
    order = order_of(session, store, country_code="JP", time_zone=None)
    assert the_plan(session, store, order).due_at.isoformat() == "2026-12-18T01:00:00+00:00"


def test_a_delivery_takes_the_place_of_the_day_it_left(session: Session, store: Store) -> None:
    make_rule(session, store)
    order = order_of(session, store, delivered_at=START - timedelta(days=1))
    assert the_plan(session, store, order).due_at.isoformat() == "2026-12-06T15:00:00+00:00"


def test_the_day_is_the_buyers_own(session: Session, store: Store) -> None:
    make_rule(session, store)
    # 22:00 UTC on the 22nd is the 23rd in Tokyo.
    delivered = datetime.fromisoformat("2026-11-22T22:00:00+00:00")
    order = order_of(session, store, time_zone="Asia/Tokyo", delivered_at=delivered)
    assert the_plan(session, store, order).due_at.isoformat() == "2026-12-07T01:00:00+00:00"


@pytest.mark.parametrize(
    ("country", "zone", "due"),
    [
        ("US", None, "2026-12-11T15:00:00+00:00"),
        (None, None, "2026-12-11T09:00:00+00:00"),
        (None, "Nowhere/At_All", "2026-12-11T09:00:00+00:00"),
    ],
)
def test_without_a_zone_the_countrys_counts_and_then_the_stores(
    session: Session, store: Store, country: str | None, zone: str | None, due: str
) -> None:
    make_rule(session, store)
    order = order_of(session, store, country_code=country, time_zone=zone)
    assert the_plan(session, store, order).due_at.isoformat() == due


def test_the_slowest_product_of_an_order_decides(session: Session, store: Store) -> None:
    make_rule(session, store)
    fast, slow, plain = (make_product(session, store, name) for name in ("soap", "mattress", "lamp"))
    for product, days in ((fast, 5), (slow, 60)):
        session.add(RequestWait(store_id=store.id, product_id=product.id, days=days))
    session.flush()
    delivered = START - timedelta(days=1)
    for products, days in (((fast,), 5), ((fast, plain), 14), ((fast, slow, plain), 60)):
        order = make_order(session, store, *products, number=f"#{days}")
        order.country_code, order.time_zone, order.delivered_at = "US", "America/New_York", delivered
        session.flush()
        assert the_plan(session, store, order).due_at.date() == (delivered + timedelta(days=days)).date()


def test_a_products_own_days_get_the_way_to_the_buyer_on_top(session: Session, store: Store) -> None:
    make_rule(session, store)
    soap = make_product(session, store, "soap")
    session.add(RequestWait(store_id=store.id, product_id=soap.id, days=5))
    order = make_order(session, store, soap)
    order.country_code, order.time_zone, order.fulfilled_at = "US", "America/New_York", START
    session.flush()
    # 5 days, and the 7 between the 14 after delivery and the 21 after it left.
    assert the_plan(session, store, order).due_at.date() == (START + timedelta(days=12)).date()


def test_a_refunded_slow_product_holds_nothing_up(session: Session, store: Store) -> None:
    make_rule(session, store)
    soap, mattress = make_product(session, store, "soap"), make_product(session, store, "mattress")
    session.add(RequestWait(store_id=store.id, product_id=mattress.id, days=60))
    order = make_order(session, store, soap, mattress)
    order.country_code, order.delivered_at = "US", START
    order.lines[1].refunded_quantity = 1
    session.flush()
    assert the_plan(session, store, order).due_at.date() == (START + timedelta(days=14)).date()


def test_switching_on_is_about_orders_that_leave_from_then_on(session: Session, store: Store) -> None:
    make_rule(session, store, on_since=START - timedelta(days=3))
    before = order_of(session, store, fulfilled_at=START - timedelta(days=3, seconds=1))
    plan_order(session, store, before, now=START)
    plan_requests(session, now=START)
    assert planned(session) == []
    before.fulfilled_at = START - timedelta(days=3)
    assert plan_requests(session, now=START) == 1


def test_what_is_due_already_waits_for_the_next_ten_o_clock(session: Session, store: Store) -> None:
    make_rule(session, store, on_since=START - timedelta(days=60))
    order = order_of(session, store, fulfilled_at=START - timedelta(days=40))
    assert the_plan(session, store, order).due_at.isoformat() == "2026-11-23T15:00:00+00:00"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"cancelled_at": START}, NotSent.CANCELLED),
        ({"has_unnamed_refund": True}, NotSent.UNCLEAR_REFUND),
        ({"country_code": "DE"}, NotSent.NO_CONSENT),
        ({"consent_basis": ConsentBasis.REFUSED}, NotSent.CONSENT_REFUSED),
        ({"country_code": "DE", "consent_basis": ConsentBasis.REFUSED}, NotSent.CONSENT_REFUSED),
    ],
)
def test_what_the_order_says_against_it_is_known_at_once(
    session: Session, store: Store, facts: dict[str, object], reason: NotSent
) -> None:
    make_rule(session, store)
    row = the_plan(session, store, order_of(session, store, **facts))
    assert (row.state, row.reason) == (PlannedState.NOT_SENT, reason)


@pytest.mark.parametrize("basis", [ConsentBasis.OPT_IN, ConsentBasis.EXISTING_CUSTOMER])
def test_a_basis_is_enough_where_one_is_needed(session: Session, store: Store, basis: ConsentBasis) -> None:
    make_rule(session, store)
    row = the_plan(session, store, order_of(session, store, country_code="DE", consent_basis=basis))
    assert row.state is PlannedState.PLANNED


def test_an_order_of_no_country_is_taken_for_one_of_the_stores_own(session: Session, store: Store) -> None:
    make_rule(session, store)
    store.home_country = "DE"
    assert the_plan(session, store, order_of(session, store, country_code=None)).reason is NotSent.NO_CONSENT


def test_an_order_given_back_whole_is_not_asked_for_and_a_line_of_two_is(session: Session, store: Store) -> None:
    make_rule(session, store)
    order = make_order(session, store, make_product(session, store, "a"), make_product(session, store, "b"))
    order.country_code = "US"
    order.lines[0].refunded_quantity = 1
    session.flush()
    assert the_plan(session, store, order).state is PlannedState.PLANNED
    order.lines[1].refunded_quantity = 1
    session.flush()
    assert the_plan(session, store, order).reason is NotSent.GIVEN_BACK


def test_an_order_without_a_product_says_so_until_one_is_told_of(session: Session, store: Store) -> None:
    make_rule(session, store)
    order = make_order(session, store)
    order.country_code = "US"
    row = the_plan(session, store, order)
    assert (row.state, row.reason) == (PlannedState.NOT_SENT, NotSent.EMPTY)
    assert NotSent.EMPTY.words == "The shop named no product in the order."
    order.lines.append(OrderLine(store_id=store.id, product=make_product(session, store, "a")))
    session.flush()
    assert the_plan(session, store, order).state is PlannedState.PLANNED


def lose_lines(order: Order) -> None:
    writing = object_session(order)
    assert writing is not None
    for line in order.lines:
        writing.delete(line)
    writing.flush()
    writing.expire(order, ["lines"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lose_lines, "The shop named no product in the order."),
        (lambda order: setattr(order.lines[0], "refunded_quantity", 1), "The order was cancelled or given back."),
        (lambda order: setattr(order, "cancelled_at", START), "The order was cancelled or given back."),
    ],
)
def test_who_asks_for_it_by_hand_reads_why_not(
    session: Session, store: Store, app: Flask, change: Callable[[Order], object], words: str
) -> None:
    order = order_of(session, store)
    change(order)
    with pytest.raises(RequestRefused) as refused:
        request_reviews(session, order, store=store, tools=app.extensions["tools"])
    assert refused.value.words == words


def test_a_plan_follows_the_order_both_ways_until_it_is_due(session: Session, store: Store) -> None:
    make_rule(session, store)
    order = order_of(session, store, country_code="DE")
    assert the_plan(session, store, order).reason is NotSent.NO_CONSENT
    order.consent_basis = ConsentBasis.OPT_IN
    row = the_plan(session, store, order)
    assert (row.state, row.reason, row.settled_at) == (PlannedState.PLANNED, None, None)
    order.delivered_at = START
    assert the_plan(session, store, order).due_at.date() == (START + timedelta(days=14)).date()
    order.consent_basis = ConsentBasis.REFUSED
    after = row.due_at + timedelta(hours=1)
    assert the_plan(session, store, order, now=after).state is PlannedState.PLANNED


def test_planning_twice_changes_nothing(session: Session, store: Store) -> None:
    make_rule(session, store)
    for _ in range(3):
        order_of(session, store)
    assert plan_requests(session, now=START) == 3
    before = [(row.id, row.due_at, row.planned_at) for row in planned(session)]
    assert plan_requests(session, now=START) == 0
    for order in session.scalars(select(Order)):
        plan_order(session, store, order, now=START)
    assert [(row.id, row.due_at, row.planned_at) for row in planned(session)] == before


def test_a_changed_rule_moves_what_is_planned(session: Session, store: Store) -> None:
    rule = make_rule(session, store)
    row = the_plan(session, store, order_of(session, store))
    rule.hour, rule.days_after_fulfilment, rule.changed_at = 18, 22, START + timedelta(hours=1)
    session.flush()
    assert plan_requests(session, now=START + timedelta(hours=2)) == 1
    assert row.due_at.isoformat() == "2026-12-12T23:00:00+00:00"
    assert plan_requests(session, now=START + timedelta(hours=2)) == 0


def test_the_sweep_finds_an_order_that_changed_since_it_last_looked(session: Session, store: Store) -> None:
    rule = make_rule(session, store)
    plan_requests(session, now=START)
    assert rule.swept_at == START
    order_of(session, store, changed_at=START - timedelta(days=2))
    assert plan_requests(session, now=START) == 0
    order_of(session, store, changed_at=START + timedelta(minutes=1))
    assert plan_requests(session, now=START + timedelta(minutes=2)) == 1


def test_another_stores_orders_are_its_own(session: Session, store: Store) -> None:
    make_rule(session, store)
    other = make_store(session, "juniper")
    order_of(session, other)
    assert plan_requests(session, now=START) == 0


def test_the_command_plans_as_of_a_moment(app: Flask, session: Session, store: Store, clock: FakeClock) -> None:
    make_rule(session, store)
    for _ in range(3):
        order_of(session, store)
    session.commit()
    ran = app.test_cli_runner().invoke(args=["plan-requests", "--at", "2026-12-20T12:00:00+01:00"])
    assert ran.output == "requests planned: 3\n"
    session.rollback()
    assert {row.due_at.isoformat() for row in planned(session)} == {"2026-12-20T15:00:00+00:00"}


@pytest.mark.parametrize("at", ["yesterday", "2026-12-20T12:00:00", "2026-13-01T00:00:00Z"])
def test_a_moment_needs_to_be_one(app: Flask, at: str) -> None:
    ran = app.test_cli_runner().invoke(args=["plan-requests", "--at", at])
    assert ran.exit_code == 2
    assert "2026-12-08T10:00:00Z" in ran.output
