"""The moves of a mail that asks: planned, put off, sent, not sent, asked for once more."""

from datetime import timedelta

import pytest

from reviews_app.lib.ids import new_id
from reviews_app.models.not_sent import OF_THE_ORDER, NotSent
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review_request import Asking, ReviewRequest
from tests.fakes.clock import START

DUE = START + timedelta(days=3)


def a_plan() -> PlannedMail:
    plan = PlannedMail(kind=Asking.REQUEST, planned_at=START, request_id=None)
    plan.planned_for(DUE)
    return plan


def test_a_planned_mail_is_due_first_when_it_is_due() -> None:
    plan = a_plan()
    assert (plan.state, plan.due_at, plan.due_first) == (PlannedState.PLANNED, DUE, DUE)
    assert (plan.reason, plan.settled_at) == (None, None)


def test_a_sent_mail_has_its_request_and_no_reason_any_more() -> None:
    plan, request = a_plan(), ReviewRequest(id=new_id())
    plan.put_off(DUE + timedelta(days=1), NotSent.COOL_DOWN)
    plan.sent(request, DUE + timedelta(days=1))
    assert (plan.state, plan.request_id, plan.reason) == (PlannedState.SENT, request.id, None)
    assert plan.settled_at == DUE + timedelta(days=1)


@pytest.mark.parametrize("reason", NotSent)
def test_a_mail_that_does_not_go_says_why_and_since_when(reason: NotSent) -> None:
    plan = a_plan()
    plan.not_sent(reason, DUE)
    assert (plan.state, plan.reason, plan.settled_at) == (PlannedState.NOT_SENT, reason, DUE)
    assert plan.due_at == DUE


def test_a_mail_put_off_twice_still_knows_when_it_was_due_first() -> None:
    plan = a_plan()
    plan.put_off(DUE + timedelta(days=1), NotSent.COOL_DOWN)
    plan.put_off(DUE + timedelta(days=2), NotSent.DAILY_LIMIT)
    assert (plan.state, plan.reason) == (PlannedState.PLANNED, NotSent.DAILY_LIMIT)
    assert (plan.due_at, plan.due_first) == (DUE + timedelta(days=2), DUE)


def test_a_mail_may_be_put_off_for_no_reason_of_the_buyers() -> None:
    plan = a_plan()
    plan.put_off(DUE + timedelta(days=1), NotSent.COOL_DOWN)
    plan.put_off(DUE + timedelta(days=2), None)
    assert plan.reason is None


def test_planning_anew_forgets_what_stood_in_the_way() -> None:
    plan = a_plan()
    plan.not_sent(NotSent.NO_CONSENT, DUE)
    plan.planned_for(DUE + timedelta(days=5))
    assert (plan.state, plan.reason, plan.settled_at) == (PlannedState.PLANNED, None, None)
    assert plan.due_at == plan.due_first == DUE + timedelta(days=5)


def test_a_mail_held_back_because_the_order_changed_is_due_at_once_without_its_request() -> None:
    plan, request = a_plan(), ReviewRequest(id=new_id())
    plan.sent(request, DUE)
    plan.once_more(DUE + timedelta(minutes=1))
    assert (plan.state, plan.reason, plan.request_id) == (PlannedState.PLANNED, NotSent.CHANGED, None)
    assert (plan.due_at, plan.settled_at) == (DUE + timedelta(minutes=1), None)


@pytest.mark.parametrize("reason", NotSent)
def test_every_reason_is_a_sentence_a_merchant_reads(reason: NotSent) -> None:
    assert reason.words[0].isupper()
    assert reason.words.endswith(".")
    assert "_" not in reason.words


def test_no_two_reasons_read_alike() -> None:
    assert len({reason.words for reason in NotSent}) == len(NotSent)


@pytest.mark.parametrize("reason", [NotSent.UNSUBSCRIBED, NotSent.COMPLAINED, NotSent.ERASED, NotSent.BOUNCED])
def test_what_the_person_said_is_not_taken_back_by_a_later_report_of_the_order(reason: NotSent) -> None:
    assert reason not in OF_THE_ORDER
