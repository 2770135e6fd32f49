"""Who a question finds, and what it says of their orders."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.request_rule import RequestRule, default_rule
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.why_no_mail import MOST, MOST_ORDERS, why_no_mail
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.store import make_store
from tests.fakes.clock import START

PEOPLE = (
    ("ann@example.com", "Ann Ode", "#1001"),
    ("a_n%n@example.com", "100 % Bob", "#1002"),
    ("zoe@example.com", "Zo\u00eb _ \\ Roe", "#1003"),
)


def filled(session: Session, slug: str = "larkspur") -> Store:
    store = make_store(session, slug)
    pack = make_product(session, store)
    for email, name, number in PEOPLE:
        make_order(session, store, pack, email=email, name=name, number=number)
    return store


def found(session: Session, store: Store, asked: str) -> list[str]:
    people = why_no_mail(session, store, default_rule(store.id), asked)
    return [one.customer.email for one in people]


FOUND = {
    "": [],
    "   ": [],
    "nobody": [],
    "ANN@example.com": ["ann@example.com"],
    " ann ode ": ["ann@example.com"],
    "n%n": ["a_n%n@example.com"],
    "%": ["a_n%n@example.com"],
    "_": ["a_n%n@example.com", "zoe@example.com"],
    "\\": ["zoe@example.com"],
    "#1002": ["a_n%n@example.com"],
    "1002": ["a_n%n@example.com"],
    "##1002": [],
    "100": ["a_n%n@example.com"],
    "example.com": ["a_n%n@example.com", "ann@example.com", "zoe@example.com"],
    "' OR 1=1 --": [],
}


def test_a_question_finds_by_address_name_or_whole_number_letter_for_letter(session: Session) -> None:
    filled(session, "juniper")
    store = filled(session)
    assert {asked: found(session, store, asked) for asked in FOUND} == FOUND


def test_so_many_are_shown_and_no_more(session: Session) -> None:
    store = make_store(session)
    pack = make_product(session, store)
    for number in range(MOST + 1):
        make_order(session, store, pack, email=f"{number:02}@example.com", number=f"#{number}")
    assert found(session, store, "example") == [f"{number:02}@example.com" for number in range(MOST)]


def test_of_a_person_the_newest_orders_are_told(session: Session) -> None:
    store = make_store(session)
    pack = make_product(session, store)
    for number in range(MOST_ORDERS + 1):
        make_order(session, store, pack, number=f"#{number}").placed_at = START - timedelta(days=number)
    session.flush()
    (person,) = why_no_mail(session, store, default_rule(store.id), "morgan")
    assert [one.number for one in person.answers] == ["#0", "#1", "#2"]


@pytest.mark.parametrize("asked", ["#4", "4"])
def test_an_order_asked_for_by_its_number_is_told_first_however_old_it_is(session: Session, asked: str) -> None:
    store = make_store(session)
    pack = make_product(session, store)
    for number in range(5):
        make_order(session, store, pack, number=f"#{number}").placed_at = START - timedelta(days=number)
    session.flush()
    (person,) = why_no_mail(session, store, default_rule(store.id), asked)
    assert [one.number for one in person.answers] == ["#4", "#0", "#1"]


Change = Callable[[RequestRule, Order], None]


def off(rule: RequestRule, _order: Order) -> None:
    rule.on_since = None


def cancelled(_rule: RequestRule, order: Order) -> None:
    order.cancelled_at = START


def not_left(_rule: RequestRule, order: Order) -> None:
    order.fulfilled_at = None


def left_before(rule: RequestRule, order: Order) -> None:
    order.fulfilled_at = (rule.on_since or START) - timedelta(microseconds=1)


def left_just_then(rule: RequestRule, order: Order) -> None:
    order.fulfilled_at = rule.on_since


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (off, "Nothing is planned: requests are off."),
        (cancelled, "Nothing is planned: the order was cancelled."),
        (not_left, "Nothing is planned: the order has not left yet."),
        (left_before, "Nothing is planned: the order left before requests were switched on."),
        (left_just_then, "It is planned within a minute."),
    ],
)
def test_an_order_without_a_plan_says_what_stands_in_its_way(session: Session, change: Change, words: str) -> None:
    store = make_store(session)
    rule = make_rule(session, store)
    order = make_order(session, store, make_product(session, store))
    change(rule, order)
    session.flush()
    (person,) = why_no_mail(session, store, rule, "morgan")
    assert [(one.number, one.words) for one in person.answers] == [("#1205", words)]


@pytest.mark.parametrize(
    ("bounced_at", "words"),
    [
        (None, "A mail was sent, and the mail server took it."),
        (START, "A mail was sent and came back. 550 no such mailbox"),
    ],
)
def test_a_mail_that_was_taken_counts_as_sent_until_it_comes_back(
    session: Session, bounced_at: datetime | None, words: str
) -> None:
    store = make_store(session)
    mail = mail_to_morgan(session, store, MailState.SENT)
    mail.last_error, mail.bounced_at = "550 no such mailbox", bounced_at
    assert answers(session, store, default_rule(store.id)) == [words]


@pytest.mark.parametrize(
    ("state", "stopped_at", "words"),
    [
        (MailState.WAITING, None, "A mail is on its way."),
        (MailState.WAITING, START, "Stopped by you. A mail is written and waits."),
        (MailState.SENDING, START, "A mail is on its way."),
        (MailState.SENT, START, "A mail was sent, and the mail server took it."),
    ],
)
def test_a_written_mail_that_was_stopped_is_not_on_its_way(
    session: Session, state: MailState, stopped_at: datetime | None, words: str
) -> None:
    store = make_store(session)
    rule = make_rule(session, store, stopped_at=stopped_at)
    mail_to_morgan(session, store, state)
    assert answers(session, store, rule) == [words]


def answers(session: Session, store: Store, rule: RequestRule) -> list[str]:
    session.flush()
    (person,) = why_no_mail(session, store, rule, "morgan")
    return [one.words for one in person.answers]


def mail_to_morgan(session: Session, store: Store, state: MailState) -> OutgoingMail:
    order = make_order(session, store, make_product(session, store))
    mail = OutgoingMail(kind=MailKind.REVIEW_REQUEST, recipient="morgan@example.com", subject="", state=state)
    mail.message_id = "<one@shop.test>"
    mail.created_at = mail.enqueued_at = mail.next_at = START
    request = ReviewRequest(store_id=store.id, order_id=order.id, token_hash=b"1", created_at=START, mail=mail)
    request.expires_at = START + timedelta(days=90)
    session.add(request)
    return mail
