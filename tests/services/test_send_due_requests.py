from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review import Review
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.answer_later import answer_later
from reviews_app.services.prove_sender import note_received
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.save_mail_look import MailLookDetails, save_mail_look, sender_to_change
from reviews_app.services.save_request_rule import let_mail_go_on, stop_all_mail
from reviews_app.services.send_due_requests import send_due_requests
from reviews_app.services.submit_by_link import LinkedProduct, submit_by_link
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.tools import Tools
from reviews_app.services.unsubscribe import unsubscribe
from tests.factories.planned import Asked, make_asked
from tests.factories.review import make_draft
from tests.factories.reward import make_coupon, make_terms
from tests.fakes.broken_addresses import with_broken_addresses
from tests.fakes.clock import FakeClock
from tests.fakes.mailbox import mails_to, text_of


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def asked(session: Session, tools: Tools, clock: FakeClock) -> Asked:
    return make_asked(session, tools, clock)


def review(asked: Asked, product_id: UUID | None = None, rating: int = 4) -> None:
    """The buyer reviews one product by the newest link."""
    request = asked.session.scalars(select(ReviewRequest).order_by(ReviewRequest.created_at.desc())).first()
    assert request is not None
    linked = LinkedProduct(request, product_id or asked.pack.id)
    submit_by_link(asked.session, make_draft(rating=rating), linked=linked, store=asked.store, tools=asked.tools)


def test_what_is_due_becomes_one_mail_and_its_reminder_is_planned(asked: Asked) -> None:
    row = asked.plan()
    asked.clock.now = row.due_at - timedelta(seconds=1)
    assert (asked.send(), asked.mails()) == (0, [])
    asked.clock.now = row.due_at
    assert (asked.send(), asked.send()) == (1, 0)
    assert (row.state, len(asked.mails())) == (PlannedState.SENT, 1)
    request = asked.session.get_one(ReviewRequest, row.request_id)
    assert (request.kind, request.mail_id) == (Asking.REQUEST, asked.mails()[0].id)
    assert request.product_ids == [str(asked.pack.id), str(asked.stove.id)]
    assert asked.plan(Asking.REMINDER).due_at == row.due_at + timedelta(days=7)


def test_the_link_lasts_as_long_as_the_rule_says(asked: Asked) -> None:
    asked.rule.link_days = 12
    row = asked.send_when_due()
    request = asked.session.get_one(ReviewRequest, row.request_id)
    assert request.expires_at == asked.clock() + timedelta(days=12)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_as_many_reminders_as_the_rule_says_and_no_more(asked: Asked, count: int) -> None:
    asked.rule.reminders = count
    asked.send_when_due()
    for _ in range(5):
        asked.clock.advance(days=7)
        asked.send()
    assert [row.n for row in asked.session.scalars(reminders(asked))] == list(range(1, count + 1))
    assert len(asked.mails()) == 1 + count


def reminders(asked: Asked) -> Select[PlannedMail]:
    mine = select(PlannedMail).where(PlannedMail.order_id == asked.order.id, PlannedMail.kind == Asking.REMINDER)
    return mine.order_by(PlannedMail.n)


def test_one_review_of_the_order_is_enough_to_remind_no_more(asked: Asked) -> None:
    asked.send_when_due()
    review(asked)
    row = asked.send_when_due(Asking.REMINDER)
    assert (row.state, row.reason) == (PlannedState.NOT_SENT, NotSent.REVIEWED)


def test_who_wants_to_be_asked_once_is_not_reminded(asked: Asked) -> None:
    asked.send_when_due()
    asked.order.customer.no_reminders_at = asked.clock()
    assert asked.send_when_due(Asking.REMINDER).reason is NotSent.NO_REMINDERS


def give_back(one: Asked) -> None:
    for line in one.order.lines:
        line.refunded_quantity = 1


AGAINST: dict[NotSent, Callable[[Asked], object]] = {
    NotSent.CANCELLED: lambda one: setattr(one.order, "cancelled_at", one.clock()),
    NotSent.GIVEN_BACK: lambda one: give_back(one),
    NotSent.UNCLEAR_REFUND: lambda one: setattr(one.order, "has_unnamed_refund", True),
    NotSent.NO_CONSENT: lambda one: setattr(one.order, "country_code", "DE"),
    NotSent.CONSENT_REFUSED: lambda one: setattr(one.order, "consent_basis", ConsentBasis.REFUSED),
    NotSent.UNSUBSCRIBED: lambda one: unsubscribe(one.session, one.order.customer, clock=one.clock),
    NotSent.BOUNCED: lambda one: suppress_address(
        one.session, one.store.id, one.order.customer.email, SuppressionReason.BOUNCED, clock=one.clock
    ),
    NotSent.COMPLAINED: lambda one: suppress_address(
        one.session, one.store.id, one.order.customer.email, SuppressionReason.COMPLAINED, clock=one.clock
    ),
    NotSent.NO_ADDRESS: lambda one: setattr(one.order.customer, "email", "nobody"),
    NotSent.SWITCHED_OFF: lambda one: setattr(one.rule, "on_since", None),
    NotSent.ASKED_BY_HAND: lambda one: request_reviews(one.session, one.order, store=one.store, tools=one.tools),
}


@pytest.mark.parametrize("reason", list(AGAINST))
def test_what_came_between_planning_and_sending_is_seen_at_the_last_moment(asked: Asked, reason: NotSent) -> None:
    AGAINST[reason](asked)
    asked.session.flush()
    before = len(asked.mails())
    row = asked.send_when_due()
    assert (row.state, row.reason, len(asked.mails())) == (PlannedState.NOT_SENT, reason, before)


def test_a_product_given_back_is_not_in_the_mail(asked: Asked) -> None:
    asked.order.lines[0].refunded_quantity = 1
    asked.session.flush()
    asked.send_when_due()
    text = text_of(mails_to(asked.session, asked.tools)[0])
    assert (str(asked.stove.id) in text, str(asked.pack.id) in text) == (True, False)


def test_an_order_of_which_everything_is_reviewed_is_not_asked_for(asked: Asked) -> None:
    request_reviews(asked.session, asked.order, store=asked.store, tools=asked.tools)
    for product in (asked.pack, asked.stove):
        review(asked, product.id)
    asked.session.scalars(select(ReviewRequest)).one().kind = Asking.LATER
    assert asked.send_when_due().reason is NotSent.NOTHING_LEFT


def test_the_same_person_is_asked_about_another_order_only_after_the_cool_down(asked: Asked) -> None:
    asked.send_when_due()
    second = asked.place(number="#1206", left=asked.clock() - timedelta(days=20))
    row = asked.plan(order=second)
    asked.clock.now = row.due_at
    asked.send()
    assert (row.state, row.reason) == (PlannedState.PLANNED, NotSent.COOL_DOWN)
    assert row.due_at.isoformat() == "2027-01-10T15:00:00+00:00"
    asked.rule.reminders = 0
    asked.clock.now = row.due_at
    asked.send()
    assert (row.state, row.reason) == (PlannedState.SENT, None)


def test_a_request_held_up_for_two_months_is_let_go(asked: Asked) -> None:
    asked.rule.cooldown_days = 90
    asked.send_when_due()
    second = asked.place(number="#1206", left=asked.clock() - timedelta(days=21))
    row = asked.plan(order=second)
    asked.clock.now = row.due_at
    asked.send()
    assert (row.state, row.reason) == (PlannedState.NOT_SENT, NotSent.COOL_DOWN)


def test_three_mails_a_day_to_one_person_over_all_stores(asked: Asked, session: Session, tools: Tools) -> None:
    others = [make_asked(session, tools, asked.clock, slug) for slug in ("juniper", "sorrel", "yarrow")]
    for other in others:
        other.order.customer.email = "MORGAN@Example.com"
    asked.send_when_due()
    assert len(asked.mails()) == 3
    late = [row for one in (asked, *others) if (row := one.plan()).state is PlannedState.PLANNED]
    assert [row.reason for row in late] == [NotSent.DAILY_LIMIT]
    assert late[0].due_at == asked.clock() + timedelta(days=1)
    asked.clock.now = late[0].due_at
    asked.send()
    assert (late[0].state, len(asked.mails())) == (PlannedState.SENT, 4)


@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_whoever_left_no_picture_is_asked_for_one_whatever_the_stars(asked: Asked, rating: int) -> None:
    asked.rule.asks_for_photo, asked.rule.photo_days = True, 5
    asked.send_when_due()
    review(asked, rating=rating)
    row = asked.plan(Asking.PHOTO)
    assert row.due_at == asked.clock() + timedelta(days=5)
    asked.send_when_due(Asking.PHOTO)
    request = asked.session.get_one(ReviewRequest, row.request_id)
    assert (row.state, request.product_ids) == (PlannedState.SENT, [str(asked.pack.id)])


def test_a_mail_that_asks_for_a_picture_promises_nothing_for_it_and_keeps_what_its_link_offers(asked: Asked) -> None:
    coupon = make_coupon(asked.session, asked.store, "PHOTO-1111111", tools=asked.tools)
    terms = make_terms(asked.session, asked.store, tools=asked.tools, photo_coupon_id=coupon.id)
    asked.rule.asks_for_photo = True
    asked.send_when_due()
    assert f"with a photo, and get {coupon.description}" in text_of(asked_of(asked)[-1])
    review(asked)
    request = asked.session.get_one(ReviewRequest, asked.send_when_due(Asking.PHOTO).request_id)
    words = text_of(asked_of(asked)[-1])
    assert coupon.description not in words
    assert "code" not in words
    # The other product of the order can be reviewed by this link too, for what the first mail promised.
    assert request.terms_id == terms.id


def asked_of(asked: Asked) -> list[EmailMessage]:
    """What the buyer got, the newest last."""
    return mails_to(asked.session, asked.tools, asked.order.customer.email)


def test_a_picture_that_came_meanwhile_is_not_asked_for(asked: Asked) -> None:
    asked.rule.asks_for_photo = True
    asked.send_when_due()
    review(asked)
    asked.session.scalars(select(Review)).one().has_media = True
    assert asked.send_when_due(Asking.PHOTO).reason is NotSent.HAS_PHOTO


def test_no_picture_is_asked_for_unless_the_rule_says_so(asked: Asked) -> None:
    asked.send_when_due()
    review(asked)
    with pytest.raises(LookupError):
        asked.plan(Asking.PHOTO)


def wish(asked: Asked, product_id: UUID, answer: Wish = Wish.LATER) -> None:
    request = asked.session.scalars(select(ReviewRequest).order_by(ReviewRequest.created_at.desc())).first()
    assert request is not None
    answer_later(asked.session, LinkedProduct(request, product_id), answer, tools=asked.tools)


def test_what_was_put_off_is_asked_about_again_in_two_weeks_and_nothing_else(asked: Asked) -> None:
    asked.send_when_due()
    wish(asked, asked.pack.id)
    asked.rule.on_since = None
    row = asked.send_when_due(Asking.LATER)
    request = asked.session.get_one(ReviewRequest, row.request_id)
    assert (row.n, request.product_ids) == (1, [str(asked.pack.id)])
    assert asked.session.scalars(select(LineWish)).all() == []


def test_put_off_again_it_is_asked_about_again(asked: Asked) -> None:
    asked.send_when_due()
    wish(asked, asked.pack.id)
    first = asked.plan(Asking.LATER)
    asked.clock.advance(days=2)
    wish(asked, asked.stove.id)
    assert asked.plan(Asking.LATER).id == first.id
    asked.send_when_due(Asking.LATER)
    second = asked.plan(Asking.LATER)
    assert (second.n, second.due_at) == (2, first.due_at + timedelta(days=2))


def test_a_wish_taken_back_takes_its_mail_back(asked: Asked) -> None:
    asked.send_when_due()
    wish(asked, asked.pack.id)
    wish(asked, asked.pack.id, Wish.SKIP)
    assert asked.plan(Asking.LATER).reason is NotSent.NOTHING_LEFT


def test_stopped_mail_stays_planned_and_goes_on_when_let(asked: Asked) -> None:
    stop_all_mail(asked.session, asked.store, clock=asked.clock)
    row = asked.send_when_due()
    assert (row.state, asked.mails()) == (PlannedState.PLANNED, [])
    let_mail_go_on(asked.session, asked.store)
    asked.send()
    assert row.state is PlannedState.SENT


@pytest.mark.parametrize(("late", "sent"), [(2, True), (10, True), (12, False), (23, False), (26, True)])
def test_after_a_standstill_mails_go_by_day_and_never_at_night(asked: Asked, late: int, *, sent: bool) -> None:
    row = asked.plan()
    first = row.due_at
    asked.clock.now = first + timedelta(hours=late)
    asked.send()
    if sent:
        assert row.state is PlannedState.SENT
    else:
        assert (row.state, row.due_at) == (PlannedState.PLANNED, first + timedelta(days=1))
    asked.clock.now = first + timedelta(days=2)
    asked.send()
    assert len(asked.mails()) == 1


def test_a_clock_that_jumps_back_and_forth_sends_once(asked: Asked) -> None:
    due = asked.plan().due_at
    for hours in (1, -1, 24, -24, 0, 25, 49):
        asked.clock.now = due + timedelta(hours=hours)
        asked.send()
    assert len(asked.mails()) == 1


def test_what_is_due_waits_until_the_senders_test_mail_arrived_and_none_is_lost(asked: Asked) -> None:
    sender = sender_to_change(asked.session, asked.store)
    sender.confirmed_at = None
    row, due = asked.plan(), asked.plan().due_at
    asked.clock.now = due
    assert (asked.send(), asked.mails()) == (0, [])
    assert (row.state, row.due_at, row.reason) == (PlannedState.PLANNED, due, None)
    asked.clock.now = due + timedelta(days=9)
    note_received(sender, clock=asked.clock)
    assert (asked.send(), asked.send()) == (1, 0)
    assert (row.state, len(asked.mails())) == (PlannedState.SENT, 1)


def test_another_senders_address_makes_requests_wait_until_it_too_has_arrived(asked: Asked) -> None:
    details = MailLookDetails(sender_name="", sender_address="shop@larkspur.example", accent="", counts_opens=False)
    save_mail_look(asked.session, asked.store, details, clock=asked.clock)
    asked.clock.now = asked.plan().due_at
    assert (asked.send(), asked.mails()) == (0, [])
    note_received(sender_to_change(asked.session, asked.store), clock=asked.clock)
    assert asked.send() == 1


def test_an_unproven_store_takes_no_share_from_the_others(asked: Asked, session: Session, tools: Tools) -> None:
    other = make_asked(session, tools, asked.clock, "juniper")
    sender_to_change(session, asked.store).confirmed_at = None
    asked.clock.now = other.plan().due_at
    assert send_due_requests(session, tools=tools, most=1) == 1
    assert (asked.plan().state, other.plan().state) == (PlannedState.PLANNED, PlannedState.SENT)


def test_one_store_does_not_hold_up_another(asked: Asked, session: Session, tools: Tools) -> None:
    for number in range(6):
        asked.place(email=f"b{number}@example.com", number=f"#b{number}")
    other = make_asked(session, tools, asked.clock, "juniper")
    asked.clock.now = asked.plan().due_at
    assert send_due_requests(session, tools=tools, most=4) == 3
    assert other.plan().state is PlannedState.SENT


def test_a_letter_no_mail_may_hold_keeps_nobody_from_being_asked(asked: Asked) -> None:
    asked.order.customer.name, asked.pack.title = "Mor\ufffegan Reed", "Ridge \uffffDaypack"
    assert asked.send_when_due().state is PlannedState.SENT
    text = text_of(mails_to(asked.session, asked.tools)[0], "html")
    assert ("Ridge Daypack" in text, "\ufffe" in text) == (True, False)


def test_a_request_that_cannot_be_written_says_so_and_the_others_go_on(
    asked: Asked, session: Session, tools: Tools
) -> None:
    other = make_asked(session, tools, asked.clock, "juniper")
    other.order.customer.email = "robin@example.com"
    asked.clock.now = asked.plan().due_at
    broken = with_broken_addresses(tools, product_id=asked.pack.id)
    assert send_due_requests(session, tools=broken) == 2
    assert (asked.plan().state, asked.plan().reason) == (PlannedState.NOT_SENT, NotSent.UNWRITABLE)
    assert other.plan().state is PlannedState.SENT
    assert [mail.recipient for mail in asked.mails()] == ["robin@example.com"]
    assert session.scalars(select(ReviewRequest.order_id)).all() == [other.order.id]


def fill(app: Flask, tools: Tools, clock: FakeClock, count: int) -> None:
    with app.app_context(), transaction() as writing:
        asked = make_asked(writing, tools, clock)
        for number in range(count - 1):
            asked.place(email=f"b{number}@example.com", number=f"#b{number}")
        clock.now = asked.plan().due_at


def mails_per_order(app: Flask) -> list[int]:
    with app.app_context(), transaction() as reading:
        counted = select(func.count()).select_from(ReviewRequest).group_by(ReviewRequest.order_id)
        return list(reading.scalars(counted))


def test_two_schedulers_at_the_same_moment_send_each_once(app: Flask, tools: Tools, clock: FakeClock) -> None:
    fill(app, tools, clock, 12)

    def run(_number: int) -> int:
        with app.app_context():
            done, step = 0, 1
            while step:
                with transaction() as writing:
                    step = send_due_requests(writing, tools=tools, most=3)
                done += step
            return done

    with ThreadPoolExecutor(3) as threads:
        assert sum(threads.map(run, range(3))) == 12
    assert mails_per_order(app) == [1] * 12


def test_a_scheduler_killed_before_its_commit_has_sent_nothing(app: Flask, tools: Tools, clock: FakeClock) -> None:
    fill(app, tools, clock, 4)
    with app.app_context():
        with pytest.raises(KeyboardInterrupt), transaction() as writing:
            assert send_due_requests(writing, tools=tools) == 4
            raise KeyboardInterrupt
        assert mails_per_order(app) == []
        with transaction() as writing:
            assert send_due_requests(writing, tools=tools) == 4
    assert mails_per_order(app) == [1] * 4


def test_every_mail_waits_sealed_for_its_sender(asked: Asked) -> None:
    asked.send_when_due()
    waiting = select(OutgoingMail.state)
    assert asked.session.scalars(waiting).all() == [MailState.WAITING]
