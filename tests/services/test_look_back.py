"""Asking for earlier orders: what switching off settled comes back, and nobody is counted who will not be asked."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.local_hour import zone_of
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.erase_person import erase_person
from reviews_app.services.look_back import LookBackPreview, NobodyToAsk, continue_look_backs, preview, start_look_back
from reviews_app.services.plan_requests import plan_order
from reviews_app.services.prove_sender import note_received
from reviews_app.services.save_mail_look import sender_to_change
from reviews_app.services.save_request_rule import RuleDetails, let_mail_go_on, save_rule, stop_all_mail
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
    for due_at in sorted({row.due_at for row in rows}):
        asked.clock.now = due_at
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


def held_by_stop(asked: Asked) -> None:
    stop_all_mail(asked.session, asked.store, clock=asked.clock)


def freed_of_stop(asked: Asked) -> None:
    let_mail_go_on(asked.session, asked.store)


def held_by_sender(asked: Asked) -> None:
    sender_to_change(asked.session, asked.store).confirmed_at = None


def freed_of_sender(asked: Asked) -> None:
    note_received(sender_to_change(asked.session, asked.store), clock=asked.clock)


HELD_UP: dict[str, tuple[Callable[[Asked], None], Callable[[Asked], None]]] = {
    "all mail was stopped": (held_by_stop, freed_of_stop),
    "the sender was not proven": (held_by_sender, freed_of_sender),
    "the scheduler stood still": (lambda _: None, lambda _: None),
}


def ask_thirty(asked: Asked) -> None:
    """Two a day; the buyers live in three zones."""
    zones = ("America/New_York", "Pacific/Auckland", "Pacific/Honolulu")
    for number in range(29):
        order = asked.place(email=f"b{number}@example.com", number=f"#{number}")
        order.time_zone = zones[number % 3]
    switch(asked, is_on=False)
    switch(asked, is_on=True)
    assert look_back(asked) == 30


def live(asked: Asked, *, days: int) -> None:
    """The scheduler looks three times a day."""
    for _ in range(days * 3):
        asked.clock.advance(hours=8)
        asked.send()


def asked_a_day(asked: Asked) -> Counter[date]:
    """How many first requests were written on each day, as their buyers count days."""
    rows = asked.session.execute(
        select(ReviewRequest.created_at, Order.time_zone)
        .join(Order, Order.id == ReviewRequest.order_id)
        .where(ReviewRequest.kind == Asking.REQUEST)
    )
    return Counter(at.astimezone(zone_of(zone)).date() for at, zone in rows)


@pytest.mark.parametrize("held_up", HELD_UP)
@pytest.mark.parametrize("hours", [11 * 24, 11 * 24 + 15], ids=["until the morning", "until the evening"])
def test_days_on_which_nothing_could_leave_are_not_made_up_for_in_one_morning(
    asked: Asked, held_up: str, hours: int
) -> None:
    hold, free = HELD_UP[held_up]
    ask_thirty(asked)
    live(asked, days=3)
    sent = asked_a_day(asked)
    hold(asked)
    asked.clock.advance(hours=hours)
    free(asked)
    asked.send()
    live(asked, days=16)
    counted = asked_a_day(asked)
    assert 0 < sent.total() <= 6
    assert (counted.total(), max(counted.values())) == (30, 2)


def test_a_look_back_whose_planning_stood_still_begins_with_tomorrow(asked: Asked) -> None:
    for number in range(7):
        asked.place(email=f"b{number}@example.com", number=f"#{number}")
    switch(asked, is_on=False)
    switch(asked, is_on=True)
    now = asked.clock()
    start_look_back(asked.session, asked.store, asked.rule, since=now - SINCE, per_day=2, clock=asked.clock)
    asked.clock.advance(days=11)
    while continue_look_backs(asked.session, now=asked.clock()):
        pass
    due = asked.session.scalars(select(PlannedMail.due_at).where(PlannedMail.is_past.is_(True))).all()
    first = asked.clock().date() + timedelta(days=1)
    assert Counter(at.date() for at in due) == {first + timedelta(days=day): 2 for day in range(4)}


def test_a_pace_that_is_kept_moves_nothing(asked: Asked) -> None:
    ask_thirty(asked)
    last = asked.session.scalars(select(PlannedMail.due_at).order_by(PlannedMail.due_at.desc())).first()
    live(asked, days=16)
    assert asked_a_day(asked).total() == 30
    assert max(asked.session.scalars(select(PlannedMail.due_at).where(PlannedMail.is_past.is_(True)))) == last


def test_what_is_planned_of_todays_orders_is_not_moved_by_a_stop(asked: Asked) -> None:
    due = asked.plan().due_at
    held_by_stop(asked)
    asked.clock.now = due + timedelta(days=11)
    freed_of_stop(asked)
    asked.send()
    assert (asked.plan().state, asked.plan().due_at) == (PlannedState.SENT, due)


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
