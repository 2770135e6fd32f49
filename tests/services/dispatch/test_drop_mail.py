"""A mail that was queued is asked for once more when its sender takes it, and at each further try."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reviews_app.db.database import engine, transaction
from reviews_app.mail.sender import HandingOver, smtp_sender
from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review import Review
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.answer_later import answer_later
from reviews_app.services.dispatch.send_mail import send_mail
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.save_request_rule import let_mail_go_on, stop_all_mail
from reviews_app.services.submit_by_link import LinkedProduct, submit_by_link
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.tools import Tools
from reviews_app.services.unsubscribe import unsubscribe
from tests.factories.planned import Asked, make_asked
from tests.factories.review import make_draft
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import KeptMail, smtp_server


def deliver(asked: Asked, inbox: KeptMail) -> OutgoingMail:
    """What the mail job does with the newest mail."""
    mail_id = asked.mails()[-1].id
    asked.session.commit()
    send_mail(mail_id, tools=asked.tools, send=smtp_sender(inbox.url))
    asked.session.expire_all()
    return asked.session.get_one(OutgoingMail, mail_id)


def review_all(asked: Asked) -> None:
    request = asked.session.scalars(select(ReviewRequest)).one()
    for product in (asked.pack, asked.stove):
        linked = LinkedProduct(request, product.id)
        submit_by_link(asked.session, make_draft(), linked=linked, store=asked.store, tools=asked.tools)


def give_back(asked: Asked) -> None:
    for line in asked.order.lines:
        line.refunded_quantity = line.quantity


def suppress(asked: Asked, reason: SuppressionReason) -> None:
    suppress_address(asked.session, asked.store.id, asked.order.customer.email, reason, clock=asked.clock)


BETWEEN: dict[NotSent, Callable[[Asked], object]] = {
    NotSent.CANCELLED: lambda one: setattr(one.order, "cancelled_at", one.clock()),
    NotSent.GIVEN_BACK: give_back,
    NotSent.UNCLEAR_REFUND: lambda one: setattr(one.order, "has_unnamed_refund", True),
    NotSent.CONSENT_REFUSED: lambda one: setattr(one.order, "consent_basis", ConsentBasis.REFUSED),
    NotSent.UNSUBSCRIBED: lambda one: unsubscribe(one.session, one.order.customer, clock=one.clock),
    NotSent.BOUNCED: lambda one: suppress(one, SuppressionReason.BOUNCED),
    NotSent.COMPLAINED: lambda one: suppress(one, SuppressionReason.COMPLAINED),
    NotSent.NOTHING_LEFT: review_all,
}


def test_a_mail_nobody_spoke_against_arrives(asked: Asked, inbox: KeptMail) -> None:
    assert deliver(asked, inbox).state is MailState.SENT
    assert [one.rcpt_tos for one in inbox.envelopes] == [["morgan@example.com"]]


@pytest.mark.parametrize("reason", list(BETWEEN))
def test_what_happens_while_it_is_queued_stops_it(asked: Asked, inbox: KeptMail, reason: NotSent) -> None:
    BETWEEN[reason](asked)
    mail = deliver(asked, inbox)
    row = asked.plan()
    assert (inbox.envelopes, mail.state, mail.message) == ([], MailState.CANCELLED, None)
    assert (row.state, row.reason) == (PlannedState.NOT_SENT, reason)


@pytest.mark.parametrize("reason", list(BETWEEN))
def test_what_happens_while_its_job_runs_stops_the_next_try(asked: Asked, inbox: KeptMail, reason: NotSent) -> None:
    """The server asks to come again later; in between the order or the buyer changes."""
    inbox.answers = ["451 4.7.1 Greylisted, come again"]
    assert deliver(asked, inbox).state is MailState.WAITING
    BETWEEN[reason](asked)
    asked.clock.advance(hours=1)
    assert deliver(asked, inbox).state is MailState.CANCELLED
    assert inbox.envelopes == []


@pytest.mark.parametrize("reason", list(BETWEEN))
def test_what_happens_during_the_call_itself_lets_no_second_mail_go(
    asked: Asked, inbox: KeptMail, reason: NotSent
) -> None:
    """The message is on the wire when it happens; that one cannot be called back, its reminder never comes."""

    def send(message: bytes, sender: str, recipient: str, handing_over: HandingOver) -> None:
        with transaction():
            BETWEEN[reason](asked)
        smtp_sender(inbox.url)(message, sender, recipient, handing_over)

    mail_id = asked.mails()[-1].id
    asked.session.commit()
    send_mail(mail_id, tools=asked.tools, send=send)
    asked.session.expire_all()
    asked.send_when_due(Asking.REMINDER)
    assert len(inbox.envelopes) == 1
    assert [mail.state for mail in asked.mails()] == [MailState.SENT]


def body(inbox: KeptMail) -> str:
    content = inbox.envelopes[0].content
    assert isinstance(content, bytes)
    return content.decode().replace("=\r\n", "")


def test_one_of_two_products_given_back_makes_another_mail_without_it(asked: Asked, inbox: KeptMail) -> None:
    asked.order.lines[0].refunded_quantity = 1
    first = deliver(asked, inbox)
    assert (first.state, asked.plan().reason) == (MailState.CANCELLED, NotSent.CHANGED)
    asked.send()
    assert deliver(asked, inbox).state is MailState.SENT
    content = body(inbox)
    assert (str(asked.stove.id) in content, str(asked.pack.id) in content) == (True, False)
    reminders = select(PlannedMail).where(PlannedMail.kind == Asking.REMINDER)
    assert len(asked.session.scalars(reminders).all()) == 1


def wish_for_both(asked: Asked, inbox: KeptMail) -> ReviewRequest:
    """The buyer was asked, and put both products off; the mail they wished for is queued now."""
    deliver(asked, inbox)
    request = asked.session.scalars(select(ReviewRequest)).one()
    for product in (asked.pack, asked.stove):
        answer_later(asked.session, LinkedProduct(request, product.id), Wish.LATER, tools=asked.tools)
    asked.send_when_due(Asking.LATER)
    inbox.envelopes.clear()
    return request


def test_a_mail_wished_for_is_written_anew_without_what_was_given_back(asked: Asked, inbox: KeptMail) -> None:
    wish_for_both(asked, inbox)
    asked.order.lines[0].refunded_quantity = 1
    assert deliver(asked, inbox).state is MailState.CANCELLED
    assert asked.plan(Asking.LATER).reason is NotSent.CHANGED
    asked.send()
    assert deliver(asked, inbox).state is MailState.SENT
    content = body(inbox)
    assert (str(asked.stove.id) in content, str(asked.pack.id) in content) == (True, False)
    assert asked.session.scalars(select(LineWish)).all() == []
    assert asked.plan(Asking.LATER).n == 1


def test_what_its_buyer_skipped_meanwhile_is_not_wished_for_again(asked: Asked, inbox: KeptMail) -> None:
    request = wish_for_both(asked, inbox)
    answer_later(asked.session, LinkedProduct(request, asked.pack.id), Wish.SKIP, tools=asked.tools)
    assert deliver(asked, inbox).state is MailState.CANCELLED
    wishes = {one.product_id: one.wish for one in asked.session.scalars(select(LineWish))}
    assert wishes == {asked.pack.id: Wish.SKIP, asked.stove.id: Wish.LATER}


@pytest.mark.parametrize("kind", [Asking.BY_HAND, Asking.LATER])
def test_money_given_back_for_nothing_named_stops_no_mail_a_person_asked_for(
    asked: Asked, inbox: KeptMail, kind: Asking
) -> None:
    request = asked.session.scalars(select(ReviewRequest)).one()
    request.kind = kind
    asked.order.has_unnamed_refund = True
    assert deliver(asked, inbox).state is MailState.SENT


def test_a_reminder_in_the_queue_is_dropped_by_one_review(asked: Asked, inbox: KeptMail) -> None:
    deliver(asked, inbox)
    asked.send_when_due(Asking.REMINDER)
    request = asked.session.scalars(select(ReviewRequest).where(ReviewRequest.kind == Asking.REQUEST)).one()
    linked = LinkedProduct(request, asked.pack.id)
    submit_by_link(asked.session, make_draft(), linked=linked, store=asked.store, tools=asked.tools)
    assert deliver(asked, inbox).state is MailState.CANCELLED
    assert (len(inbox.envelopes), asked.plan(Asking.REMINDER).reason) == (1, NotSent.REVIEWED)


def test_a_request_sent_by_hand_is_asked_for_once_more_too(session: Session, app: Flask, clock: FakeClock) -> None:
    tools: Tools = app.extensions["tools"]
    asked = make_asked(session, tools, clock)
    request_reviews(session, asked.order, store=asked.store, tools=tools)
    give_back(asked)
    with smtp_server() as inbox:
        assert deliver(asked, inbox).state is MailState.CANCELLED
        assert inbox.envelopes == []


def test_stopped_mail_waits_in_the_queue_and_arrives_once_it_may(asked: Asked, inbox: KeptMail) -> None:
    stop_all_mail(asked.session, asked.store, clock=asked.clock)
    assert deliver(asked, inbox).state is MailState.WAITING
    asked.clock.advance(minutes=1)
    assert deliver(asked, inbox).state is MailState.WAITING
    let_mail_go_on(asked.session, asked.store)
    asked.clock.advance(minutes=1)
    assert deliver(asked, inbox).state is MailState.SENT
    assert len(inbox.envelopes) == 1


def test_a_review_by_somebody_else_stops_nothing(asked: Asked, inbox: KeptMail) -> None:
    assert asked.session.scalars(select(Review)).all() == []
    assert deliver(asked, inbox).state is MailState.SENT


@pytest.mark.postgresql_alone
def test_a_mail_never_waits_for_who_changes_its_order_and_leaves_a_moment_later(
    app: Flask, asked: Asked, inbox: KeptMail, clock: FakeClock
) -> None:
    mail_id = asked.mails()[-1].id
    asked.session.commit()

    def deliver_beside() -> None:
        with app.app_context():
            send_mail(mail_id, tools=asked.tools, send=smtp_sender(inbox.url))

    with ThreadPoolExecutor(1) as beside:
        with engine().begin() as changing:
            changing.execute(update(Order).where(Order.id == asked.order.id).values(number="#1"))
            beside.submit(deliver_beside).result(timeout=20)
            assert inbox.envelopes == []
        clock.advance(seconds=2)
        beside.submit(deliver_beside).result(timeout=20)
    assert len(inbox.envelopes) == 1
