"""A mail that was held up leaves by its buyer's day, and no buyer gets more than three within one."""

from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.mail.sender import smtp_sender
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.services.dispatch.send_mail import send_due_mails
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.request_reviews import request_reviews
from tests.factories.planned import Asked, make_asked
from tests.fakes.clock import FakeClock
from tests.fakes.mailbox import mails_to
from tests.fakes.smtp import KeptMail
from tests.fakes.statements import counted_statements

NEW_YORK = ZoneInfo("America/New_York")
SLUGS = ("larkspur", "juniper", "sorrel", "yarrow", "alder", "clover")


def deliver(asked: Asked, inbox: KeptMail) -> int:
    """One job of a mail worker; gives how many left."""
    asked.session.commit()
    with closing(smtp_sender(inbox.url)) as send:
        left = send_due_mails(tools=asked.tools, send=send)
    asked.session.expire_all()
    return len(left)


def at_hour(asked: Asked, days: int, hour: int) -> None:
    """So many days later, at that hour in New York."""
    here = asked.clock().astimezone(NEW_YORK) + timedelta(days=days)
    asked.clock.now = here.replace(hour=hour, minute=0)


def next_hours(asked: Asked) -> list[datetime]:
    waiting = select(OutgoingMail.next_at).where(OutgoingMail.state == MailState.WAITING)
    return [moment.astimezone(NEW_YORK) for moment in asked.session.scalars(waiting)]


def test_after_two_days_without_a_mail_server_six_mails_leave_by_day_and_three_a_day(
    session: Session, app: Flask, clock: FakeClock, inbox: KeptMail
) -> None:
    """Three were written on each of the two days, to one buyer of six stores."""
    tools = app.extensions["tools"]
    asked = make_asked(session, tools, clock)
    for place, slug in enumerate(SLUGS):
        one = asked if not place else make_asked(session, tools, clock, slug)
        if place == 3:
            clock.advance(days=1)
        one.order.customer.email = ("morgan@example.com", "MORGAN@Example.com")[place % 2]
        one.plan().planned_for(clock.now)
        at_hour(asked, 0, 11)
        one.send_when_due()
    assert len(asked.mails()) == 6
    at_hour(asked, 1, 3)
    assert deliver(asked, inbox) == 0
    assert {(moment.date(), moment.hour) for moment in next_hours(asked)} == {(clock().date(), 10)}
    at_hour(asked, 0, 10)
    assert deliver(asked, inbox) == 3
    clock.advance(minutes=1)
    assert deliver(asked, inbox) == 0
    assert {moment - clock() for moment in next_hours(asked)} == {timedelta(days=1, minutes=-1)}
    clock.advance(days=1)
    assert deliver(asked, inbox) == 3
    assert len(inbox.envelopes) == 6


@pytest.mark.parametrize(("hour", "leaves"), [(3, False), (9, False), (10, True), (20, True), (21, False), (23, False)])
def test_a_mail_that_was_held_up_leaves_between_its_hour_and_the_evening(
    asked: Asked, inbox: KeptMail, hour: int, *, leaves: bool
) -> None:
    at_hour(asked, 1, hour)
    assert deliver(asked, inbox) == int(leaves)
    if not leaves:
        [moment] = next_hours(asked)
        assert (moment.hour, moment.minute) == (10, 0)
        asked.clock.now = moment
        assert deliver(asked, inbox) == 1


@pytest.mark.parametrize("kind", Asking)
def test_only_what_somebody_sends_by_hand_goes_at_night(asked: Asked, inbox: KeptMail, kind: Asking) -> None:
    asked.session.scalars(select(ReviewRequest)).one().kind = kind
    at_hour(asked, 1, 3)
    assert deliver(asked, inbox) == int(kind is Asking.BY_HAND)


def test_a_request_by_hand_waits_too_when_its_buyer_got_enough_meanwhile(
    session: Session, app: Flask, clock: FakeClock, inbox: KeptMail
) -> None:
    tools = app.extensions["tools"]
    asked = make_asked(session, tools, clock)
    request_reviews(session, asked.order, store=asked.store, tools=tools)
    late = asked.mails()[0]
    late.next_at = clock() + timedelta(days=2)
    clock.advance(days=2)
    for message in mails_to(session, tools) * 3:
        del message["Message-ID"]
        message["Message-ID"] = f"<{tools.make_id()}@shop.test>"
        row = queue_mail(session, message, kind=MailKind.REWARD, store_id=asked.store.id, tools=tools)
        row.state, row.sent_at, row.message = MailState.SENT, clock() - timedelta(hours=5), None
    assert deliver(asked, inbox) == 0
    assert late.next_at == clock() + timedelta(hours=19)
    clock.now = late.next_at
    assert deliver(asked, inbox) == 1


def test_what_was_held_back_for_days_is_tried_as_often_as_any_other(asked: Asked, inbox: KeptMail) -> None:
    mail = asked.mails()[0]
    mail.next_at = asked.clock() + timedelta(days=5)
    at_hour(asked, 5, 12)
    inbox.to_recipient = "451 4.7.1 greylisted, come again"
    for tries in range(1, 7):
        assert mail.state is MailState.WAITING, tries
        asked.clock.now = max(asked.clock.now, mail.next_at)
        deliver(asked, inbox)
    assert (mail.tries, mail.state) == (6, MailState.FAILED)


def test_of_five_mails_to_one_person_in_a_batch_three_leave(
    session: Session, app: Flask, clock: FakeClock, inbox: KeptMail
) -> None:
    """Those claimed first count, though none of them has left yet."""
    tools = app.extensions["tools"]
    asked = make_asked(session, tools, clock)
    for place, slug in enumerate(SLUGS[:5]):
        one = asked if not place else make_asked(session, tools, clock, slug)
        request_reviews(session, one.order, store=one.store, tools=tools)
        for mail in one.mails():
            mail.created_at -= timedelta(days=1)
        session.flush()
    assert deliver(asked, inbox) == 3
    assert len(inbox.envelopes) == 3


def test_a_batch_is_judged_with_as_few_statements_as_one_mail(asked: Asked, inbox: KeptMail) -> None:
    assert deliver(asked, inbox) == 1
    counts = []
    for number in (1, 2, 6):
        for place in range(number):
            order = asked.place(email=f"buyer{number}-{place}@example.com", number=f"#{number}-{place}")
            request_reviews(asked.session, order, store=asked.store, tools=asked.tools)
        asked.session.commit()
        with counted_statements(asked.session) as sent:
            assert deliver(asked, inbox) == number
        counts.append(len(sent))
    assert counts == [counts[0]] * 3
