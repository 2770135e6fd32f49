"""A mail that was queued is asked for once more when its sender takes it, and at each further try."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reviews_app.db.database import engine, transaction
from reviews_app.lib.sealed import Keyring
from reviews_app.mail.sender import HandingOver, smtp_sender
from reviews_app.models.customer import Customer
from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review import Review
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.suppression import SuppressionReason
from reviews_app.queries.order_list import order_page
from reviews_app.services.answer_later import answer_later
from reviews_app.services.dispatch.send_mail import send_mail
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.save_request_rule import let_mail_go_on, stop_all_mail
from reviews_app.services.submit_by_link import LinkedProduct, submit_by_link
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.tools import Tools
from reviews_app.services.unsubscribe import subscribe_again, unsubscribe
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


@pytest.fixture
def by_hand(session: Session, app: Flask, clock: FakeClock) -> Asked:
    """Somebody asked for the order themselves; that mail is queued, and the rule's own is planned."""
    made = make_asked(session, app.extensions["tools"], clock)
    request_reviews(session, made.order, store=made.store, tools=made.tools)
    session.commit()
    return made


def states(asked: Asked) -> list[tuple[str, MailState, str]]:
    asked.session.expire_all()
    return [(mail.recipient, mail.state, mail.last_error) for mail in asked.mails()]


def test_a_request_by_hand_is_written_anew_for_what_remains(by_hand: Asked, inbox: KeptMail) -> None:
    by_hand.order.lines[0].refunded_quantity = 1
    by_hand.clock.advance(minutes=1)
    deliver(by_hand, inbox)
    morgan = "morgan@example.com"
    assert states(by_hand) == [
        (morgan, MailState.CANCELLED, NotSent.CHANGED.words),
        (morgan, MailState.SENT, ""),
    ]
    [content] = [body(inbox)]
    assert (str(by_hand.stove.id) in content, str(by_hand.pack.id) in content) == (True, False)
    newest = by_hand.session.scalars(select(ReviewRequest).order_by(ReviewRequest.created_at.desc())).first()
    assert newest is not None
    assert (newest.kind, newest.product_ids) == (Asking.BY_HAND, [str(by_hand.stove.id)])
    assert by_hand.send_when_due().reason is NotSent.ASKED_BY_HAND
    assert len(inbox.envelopes) == 1


def test_a_request_by_hand_that_was_called_back_is_none(by_hand: Asked, inbox: KeptMail) -> None:
    """Neither the rule's own nor a second press waits for a mail that nobody got."""
    unsubscribe(by_hand.session, by_hand.order.customer, clock=by_hand.clock)
    assert deliver(by_hand, inbox).state is MailState.CANCELLED
    subscribe_again(by_hand.session, by_hand.order.customer)
    now = by_hand.clock()
    [row] = order_page(by_hand.session, by_hand.store, after="", now=now).rows
    assert row.may_ask(now)
    request_reviews(by_hand.session, by_hand.order, store=by_hand.store, tools=by_hand.tools)
    by_hand.session.rollback()
    subscribe_again(by_hand.session, by_hand.order.customer)
    assert by_hand.send_when_due().state is PlannedState.SENT


def test_without_a_key_to_write_anew_with_a_mail_waits(by_hand: Asked, inbox: KeptMail) -> None:
    by_hand.order.lines[0].refunded_quantity = 1
    keyless = replace(by_hand, tools=replace(by_hand.tools, keyring=Keyring(())))
    waiting = deliver(keyless, inbox)
    assert (waiting.state, waiting.next_at > by_hand.clock()) == (MailState.WAITING, True)
    by_hand.clock.now = waiting.next_at
    deliver(by_hand, inbox)
    assert [state for _, state, _ in states(by_hand)] == [MailState.CANCELLED, MailState.SENT]


def correct_address(asked: Asked, email: str = "right@example.com") -> None:
    """The shop tells another address of the order."""
    order = asked.order
    order.customer = Customer(store_id=asked.store.id, email=email, email_key=email, created_at=asked.clock())
    asked.session.flush()
    asked.clock.advance(minutes=1)


WRONG_SAYS: dict[str, Callable[[Asked], object]] = {
    "nothing": lambda _: None,
    "no": lambda one: unsubscribe(one.session, one.order.customer, clock=one.clock),
    "no such mailbox": lambda one: suppress(one, SuppressionReason.BOUNCED),
}


@pytest.mark.parametrize("said", WRONG_SAYS)
def test_where_the_shop_corrects_the_address_the_mail_is_written_to_the_right_one(
    asked: Asked, inbox: KeptMail, said: str
) -> None:
    WRONG_SAYS[said](asked)
    correct_address(asked)
    assert deliver(asked, inbox).state is MailState.CANCELLED
    assert (asked.plan().state, asked.plan().reason) == (PlannedState.PLANNED, NotSent.CHANGED)
    asked.send()
    deliver(asked, inbox)
    assert [one.rcpt_tos for one in inbox.envelopes] == [["right@example.com"]]


def test_a_request_by_hand_goes_to_the_right_address_at_once(by_hand: Asked, inbox: KeptMail) -> None:
    correct_address(by_hand)
    deliver(by_hand, inbox)
    assert states(by_hand) == [
        ("morgan@example.com", MailState.CANCELLED, NotSent.CHANGED.words),
        ("right@example.com", MailState.SENT, ""),
    ]
    assert [one.rcpt_tos for one in inbox.envelopes] == [["right@example.com"]]


def test_an_address_corrected_to_one_that_said_no_gets_nothing(by_hand: Asked, inbox: KeptMail) -> None:
    correct_address(by_hand)
    unsubscribe(by_hand.session, by_hand.order.customer, clock=by_hand.clock)
    deliver(by_hand, inbox)
    assert {state for _, state, _ in states(by_hand)} == {MailState.CANCELLED}
    assert inbox.envelopes == []


def test_where_there_is_no_address_any_more_no_new_mail_is_promised(by_hand: Asked, inbox: KeptMail) -> None:
    correct_address(by_hand, email="")
    deliver(by_hand, inbox)
    assert states(by_hand) == [("morgan@example.com", MailState.CANCELLED, NotSent.NO_ADDRESS.words)]


def test_another_spelling_of_the_same_mailbox_is_no_other_address(asked: Asked, inbox: KeptMail) -> None:
    asked.order.customer.email = "Morgan@Example.com"
    assert deliver(asked, inbox).state is MailState.SENT


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
