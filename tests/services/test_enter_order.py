"""An order typed in merges as any other report, and changes nothing of one that is here unless that is wished."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.models.customer import Customer
from reviews_app.models.order import Order
from reviews_app.models.order_report import OrderReport, ReportRefused
from reviews_app.models.store import Store
from reviews_app.services.enter_order import NumberKnown, enter_order
from reviews_app.services.record_order import record_order
from tests.factories.order_report import make_report
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock

TYPED = make_report(shop_id="#1205", as_of=START)


def enter(session: Session, store: Store, report: OrderReport = TYPED, *, updates: bool = False) -> Order | None:
    return enter_order(session, store, report, updates=updates, clock=FakeClock()).order


def test_a_new_number_is_recorded_as_by_every_other_door(session: Session) -> None:
    typed, told = make_store(session), make_store(session, "juniper")
    order = enter(session, typed)
    other = record_order(session, told, TYPED, clock=FakeClock()).order
    assert order is not None
    assert other is not None
    for name in ("shop_id", "number", "buyer_name", "country_code", "placed_at", "fulfilled_at", "consent_basis"):
        assert getattr(order, name) == getattr(other, name)
    assert [line.quantity for line in order.lines] == [line.quantity for line in other.lines] == [2]


@pytest.mark.parametrize("number", ["#1205", "other"])
def test_what_is_here_under_its_number_or_id_is_changed_only_where_that_is_wished(
    session: Session, number: str
) -> None:
    store = make_store(session)
    record_order(session, store, replace(TYPED, number=number, as_of=START - timedelta(days=1)), clock=FakeClock())
    newer = replace(TYPED, fulfilled_at=START)
    with pytest.raises(NumberKnown) as known:
        enter(session, store, newer)
    assert known.value.may_be_updated
    assert session.scalars(select(Order.fulfilled_at)).one() is None
    order = enter(session, store, newer, updates=True)
    assert order is not None
    assert (order.fulfilled_at, order.number) == (START, "#1205")


@pytest.mark.parametrize("updates", [False, True])
def test_an_order_a_shop_knows_by_an_id_of_its_own_is_left_to_the_shop(session: Session, *, updates: bool) -> None:
    store = make_store(session)
    record_order(session, store, make_report(shop_id="5001"), clock=FakeClock())
    with pytest.raises(NumberKnown) as known:
        enter(session, store, replace(TYPED, name="Somebody Else"), updates=updates)
    assert not known.value.may_be_updated
    assert session.scalars(select(Order.buyer_name)).one() == "Morgan Reed"


def test_another_stores_number_is_no_hindrance(session: Session) -> None:
    for slug in ("larkspur", "juniper"):
        enter(session, make_store(session, slug))
    assert session.scalar(select(func.count()).select_from(Order)) == 2


def test_an_update_of_what_is_not_here_yet_is_a_new_order(session: Session) -> None:
    assert enter(session, make_store(session), updates=True) is not None


@pytest.mark.postgresql_alone
def test_what_the_database_refuses_leaves_nothing_of_the_order(session: Session) -> None:
    store = make_store(session)
    (line,) = TYPED.lines or ()
    with pytest.raises(ReportRefused):
        enter(session, store, replace(TYPED, lines=(replace(line, quantity=3_000_000_000),)))
    assert session.scalars(select(Order)).all() == []
    assert session.scalars(select(Customer)).all() == []
