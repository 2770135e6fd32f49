"""What the database refuses of an event is that event's refusal, told in words."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from reviews_app.models.callback import CallbackEvent, CallbackOutcome, CallbackSource
from reviews_app.models.order import Order
from reviews_app.models.order_report import ProductReport, ReportedLine, ReportedVariant
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.services.take_event import Report, ShopEvent, take_event
from reviews_app.services.tools import Tools
from tests.factories.order_report import make_report
from tests.factories.store import make_store
from tests.fakes.clock import START

NAMELESS = ReportedVariant("v-1", cast("str", None))
BEYOND = ReportedLine("p-1", shop_id="l-1", quantity=2**40)


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


def tell(session: Session, store: Store, report: Report, tools: Tools, key: str = "e-1") -> CallbackEvent:
    event = ShopEvent(CallbackSource.OWN, key, "any", lambda: report)
    return take_event(session, store, event, tools=tools)


def product(**changes: Any) -> ProductReport:
    return ProductReport(shop_id="p-1", as_of=START, title="Ridge Daypack", **changes)


def test_what_contradicts_a_rule_of_the_database_is_refused_in_words_and_leaves_nothing(
    session: Session, tools: Tools
) -> None:
    store = make_store(session)
    row = tell(session, store, product(variants=(NAMELESS,)), tools)
    assert (row.outcome, row.times) == (CallbackOutcome.REFUSED, 1)
    assert "Send it again mended" in row.detail
    assert "null" not in row.detail.lower()
    assert session.scalars(select(Product)).all() == []


@pytest.mark.postgresql_alone
def test_a_number_beyond_its_column_is_refused_in_words(session: Session, tools: Tools) -> None:
    row = tell(session, make_store(session), make_report(lines=(BEYOND,)), tools)
    assert row.outcome is CallbackOutcome.REFUSED
    assert "larger or longer than can be kept" in row.detail
    assert session.scalars(select(Order)).all() == []


def test_mended_and_sent_again_under_its_key_it_is_taken_and_the_next_one_too(session: Session, tools: Tools) -> None:
    store = make_store(session)
    tell(session, store, product(variants=(NAMELESS,)), tools)
    assert tell(session, store, product(), tools).outcome is CallbackOutcome.TAKEN
    assert tell(session, store, make_report(), tools, "e-2").outcome is CallbackOutcome.TAKEN
    assert [row.times for row in session.scalars(select(CallbackEvent).order_by(CallbackEvent.event_key))] == [2, 1]


def test_a_database_that_is_away_refuses_nothing(session: Session, tools: Tools) -> None:
    def away() -> Report:
        raise OperationalError("select", {}, Exception("gone"))

    store = make_store(session)
    read: Callable[[], Report] = away
    with pytest.raises(OperationalError):
        take_event(session, store, ShopEvent(CallbackSource.OWN, "e-1", "any", read), tools=tools)
