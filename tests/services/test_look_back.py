"""Asking for earlier orders: what switching off settled comes back, and nobody is counted who will not be asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review_request import Asking
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.erase_person import erase_person
from reviews_app.services.look_back import LookBackPreview, NobodyToAsk, continue_look_backs, preview, start_look_back
from reviews_app.services.plan_requests import plan_order
from reviews_app.services.save_request_rule import RuleDetails, save_rule
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.tools import Tools
from tests.factories.planned import Asked, make_asked
from tests.factories.review import leave_review
from tests.fakes.clock import START, FakeClock

DETAILS = RuleDetails(
    days_after_delivery=7,
    days_after_fulfilment=14,
    days_abroad=21,
    hour=10,
    reminders=1,
    reminder_days=7,
    link_days=90,
    cooldown_days=14,
    asks_for_photo=False,
    photo_days=7,
)
SINCE = timedelta(days=60)


@pytest.fixture
def asked(app: Flask, session: Session, clock: FakeClock) -> Asked:
    tools: Tools = app.extensions["tools"]
    return make_asked(session, tools, clock)


def switch(asked: Asked, *, is_on: bool) -> None:
    asked.clock.advance(minutes=1)
    save_rule(asked.session, asked.store, DETAILS, is_on=is_on, waits={}, clock=asked.clock)


def look(asked: Asked) -> LookBackPreview:
    now = asked.clock()
    return preview(asked.session, asked.store, asked.rule, since=now - SINCE, per_day=2, now=now)


def look_back(asked: Asked) -> int:
    """Ask them; gives how many are planned."""
    now = asked.clock()
    row = start_look_back(asked.session, asked.store, asked.rule, since=now - SINCE, per_day=2, clock=asked.clock)
    while continue_look_backs(asked.session, now=now):
        pass
    return row.planned


def test_what_was_settled_by_switching_off_is_planned_again_by_a_look_back(asked: Asked) -> None:
    others = [asked.place(email=f"b{number}@example.com", number=f"#{number}") for number in range(2)]
    switch(asked, is_on=False)
    assert asked.plan().reason is NotSent.SWITCHED_OFF
    switch(asked, is_on=True)
    assert look(asked).count == 3
    assert look_back(asked) == 3
    rows = [asked.plan(order=order) for order in (asked.order, *others)]
    assert {(row.state, row.reason, row.settled_at, row.is_past) for row in rows} == {
        (PlannedState.PLANNED, None, None, True)
    }
    assert all(row.due_at == row.due_first > asked.clock() for row in rows)
    asked.clock.now = max(row.due_at for row in rows)
    asked.send()
    assert {mail.recipient for mail in asked.mails()} == {"morgan@example.com", "b0@example.com", "b1@example.com"}


def test_what_was_settled_for_any_other_reason_stays_settled(asked: Asked) -> None:
    asked.plan().not_sent(NotSent.UNSUBSCRIBED, asked.clock())
    switch(asked, is_on=False)
    switch(asked, is_on=True)
    assert look(asked).count == 0
    with pytest.raises(NobodyToAsk):
        look_back(asked)


def test_who_was_asked_before_the_switch_is_not_asked_again_for_a_reminder_that_was_settled(asked: Asked) -> None:
    asked.send_when_due()
    switch(asked, is_on=False)
    assert asked.plan(Asking.REMINDER).reason is NotSent.SWITCHED_OFF
    switch(asked, is_on=True)
    assert look(asked).count == 0


def test_switched_off_and_on_again_twice_it_is_still_one_request(asked: Asked) -> None:
    for _ in range(2):
        switch(asked, is_on=False)
        switch(asked, is_on=True)
        assert look_back(asked) == 1
    assert len(asked.session.scalars(select(PlannedMail)).all()) == 1


def consents(asked: Asked, order: Order, basis: ConsentBasis) -> PlannedMail:
    """The shop tells what the buyer said; gives the order's request as it stands then."""
    order.consent_basis = basis
    plan_order(asked.session, asked.store, order, now=asked.clock())
    return asked.plan(order=order)


def test_consent_that_comes_after_the_switch_brings_no_order_from_before_it_back(asked: Asked) -> None:
    order = asked.place(email="anna@example.com", number="#7")
    order.country_code = "DE"
    plan_order(asked.session, asked.store, order, now=asked.clock())
    assert asked.plan(order=order).reason is NotSent.NO_CONSENT
    switch(asked, is_on=False)
    switch(asked, is_on=True)
    row = consents(asked, order, ConsentBasis.OPT_IN)
    assert (row.state, row.reason) == (PlannedState.NOT_SENT, NotSent.SWITCHED_OFF)
    # It can be asked for as any order from before.
    assert look(asked).count == 2


@pytest.mark.parametrize(("is_switched", "reason"), [(False, None), (True, NotSent.SWITCHED_OFF)])
def test_what_a_look_back_chose_follows_its_order_until_the_next_switch(
    asked: Asked, is_switched: bool, reason: NotSent | None
) -> None:
    switch(asked, is_on=False)
    switch(asked, is_on=True)
    assert look_back(asked) == 1
    assert consents(asked, asked.order, ConsentBasis.REFUSED).reason is NotSent.CONSENT_REFUSED
    if is_switched:
        switch(asked, is_on=False)
        switch(asked, is_on=True)
    assert consents(asked, asked.order, ConsentBasis.OPT_IN).reason is reason


def cancelled(order: Order) -> None:
    order.cancelled_at = START


def given_back(order: Order) -> None:
    for line in order.lines:
        line.refunded_quantity = line.quantity


@pytest.mark.parametrize("nothing_kept", [cancelled, given_back])
def test_a_newer_order_that_nothing_was_kept_of_hides_none_before_it(
    asked: Asked, nothing_kept: Callable[[Order], None]
) -> None:
    newer = asked.place(number="#8", left=START - timedelta(days=2))
    switch(asked, is_on=False)
    switch(asked, is_on=True)
    assert look(asked).first == [newer]
    nothing_kept(newer)
    asked.session.flush()
    assert look(asked).first == [asked.order]
    assert look_back(asked) == 1
    assert asked.plan().state is PlannedState.PLANNED


def unsubscribed(asked: Asked, order: Order) -> None:
    suppress_address(
        asked.session, asked.store.id, order.customer.email, SuppressionReason.UNSUBSCRIBED, clock=asked.clock
    )


def bounced(asked: Asked, order: Order) -> None:
    suppress_address(asked.session, asked.store.id, order.customer.email, SuppressionReason.BOUNCED, clock=asked.clock)


def erased(asked: Asked, order: Order) -> None:
    erase_person(asked.session, asked.store, order.customer.email, clock=asked.clock)


def reviewed_elsewhere(asked: Asked, order: Order) -> None:
    for product in (asked.pack, asked.stove):
        review = leave_review(asked.session, asked.store, product, clock=asked.clock, email=order.customer.email)
        review.is_verified = True


REASONS: dict[NotSent, Callable[[Asked, Order], None]] = {
    NotSent.UNSUBSCRIBED: unsubscribed,
    NotSent.BOUNCED: bounced,
    NotSent.ERASED: erased,
    NotSent.NOTHING_LEFT: reviewed_elsewhere,
}


@pytest.mark.parametrize("reason", REASONS)
def test_who_will_not_be_asked_is_counted_as_left_out_and_not_planned(asked: Asked, reason: NotSent) -> None:
    other = asked.place(email="other@example.com", number="#2")
    switch(asked, is_on=False)
    switch(asked, is_on=True)
    REASONS[reason](asked, other)
    asked.session.flush()
    seen = look(asked)
    assert (seen.count, seen.days, dict(seen.left_out)) == (1, 1, {reason: 1})
    assert [order.id for order in seen.first] == [asked.order.id]
    assert look_back(asked) == 1
    assert asked.plan(order=other).reason is NotSent.SWITCHED_OFF


def test_a_rest_that_is_over_and_a_product_still_to_review_leave_nobody_out(asked: Asked) -> None:
    switch(asked, is_on=False)
    switch(asked, is_on=True)
    until = asked.clock() + timedelta(days=1)
    address = asked.order.customer.email
    suppress_address(asked.session, asked.store.id, address, SuppressionReason.BOUNCED, clock=asked.clock, until=until)
    leave_review(asked.session, asked.store, asked.pack, clock=asked.clock, email=address).is_verified = True
    leave_review(asked.session, asked.store, asked.stove, clock=asked.clock, email=address).is_verified = False
    assert look(asked).count == 0
    asked.clock.advance(days=2)
    assert look(asked).count == 1
