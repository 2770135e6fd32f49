"""What a buyer's page tells: orders, mails and reviews of one person, what is to come above what has been."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.customer import Customer
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.product import Product
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.person_timeline import MAIL_OF, MOST_ORDERS, Moment, find_customer, person_timeline
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import START
from tests.fakes.statements import counted_statements

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OF_THE_ORDER = {"Ordered", "Sent on its way"}


def make_shop(session: Session, slug: str = "larkspur") -> tuple[Store, Order]:
    store = make_store(session, slug)
    return store, make_order(session, store, make_product(session, store))


def moments(session: Session, order: Order) -> list[Moment]:
    """All but that the order was placed and left."""
    session.flush()
    found = person_timeline(session, session.get_one(Store, order.store_id), order.customer_id).moments
    return [one for one in found if one.words not in OF_THE_ORDER]


def plan(session: Session, order: Order, state: PlannedState, **facts: Any) -> PlannedMail:
    row = PlannedMail(store_id=order.store_id, order_id=order.id, kind=Asking.REQUEST, state=state, planned_at=START)
    row.due_at = row.due_first = START + DAY
    for name, value in facts.items():
        setattr(row, name, value)
    session.add(row)
    return row


def ask(session: Session, order: Order, *, mail: OutgoingMail | None = None, **facts: Any) -> ReviewRequest:
    row = ReviewRequest(store_id=order.store_id, order_id=order.id, token_hash=new_id().bytes, mail=mail)
    row.created_at, row.expires_at = START, START + 90 * DAY
    for name, value in facts.items():
        setattr(row, name, value)
    session.add(row)
    return row


def make_mail(state: MailState, *, sent_at: datetime | None = None, said: str = "") -> OutgoingMail:
    row = OutgoingMail(kind=MailKind.REVIEW_REQUEST, recipient="morgan@example.com", subject="", state=state)
    row.message_id, row.created_at, row.enqueued_at = f"<{new_id()}@shop.test>", START, START
    row.next_at, row.sent_at, row.last_error = START + HOUR, sent_at, said
    return row


def test_of_a_buyer_without_orders_nothing_is_told(session: Session) -> None:
    store = make_store(session)
    alone = Customer(store_id=store.id, email="ann@example.com", email_key="ann@example.com", created_at=START)
    session.add(alone)
    session.flush()
    person = person_timeline(session, store, alone.id)
    assert (person.customer, person.moments) == (alone, [])


def test_what_happened_to_an_order_stands_the_newest_first_whatever_was_told_first(session: Session) -> None:
    store, order = make_shop(session)
    order.placed_at, order.cancelled_at = START, START + HOUR
    order.fulfilled_at, order.delivered_at = START + 3 * HOUR, START + 2 * HOUR
    session.flush()
    found = person_timeline(session, store, order.customer_id).moments
    assert [(one.at - START, one.words, one.about) for one in found] == [
        (3 * HOUR, "Sent on its way", "#1205"),
        (2 * HOUR, "Delivered", "#1205"),
        (HOUR, "Cancelled", "#1205"),
        (0 * HOUR, "Ordered", "#1205"),
    ]


def test_of_steps_at_one_moment_the_later_stands_above(session: Session) -> None:
    store, order = make_shop(session)
    order.placed_at = order.fulfilled_at = order.delivered_at = START
    ask(session, order, mail=make_mail(MailState.SENT, sent_at=START), started_at=START)
    session.flush()
    found = person_timeline(session, store, order.customer_id).moments
    assert [one.words for one in found] == [
        "Began to answer by the link",
        "Request sent by hand: the mail server took it",
        "Request sent by hand: mail written",
        "Delivered",
        "Sent on its way",
        "Ordered",
    ]


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        (ConsentBasis.OPT_IN, "Basis of consent: opt in"),
        (ConsentBasis.EXISTING_CUSTOMER, "Basis of consent: existing customer"),
        (ConsentBasis.REFUSED, "Basis of consent: refused"),
    ],
)
def test_the_basis_of_consent_is_told_with_the_words_the_buyer_saw(
    session: Session, basis: ConsentBasis, words: str
) -> None:
    _store, order = make_shop(session)
    order.consent_basis, order.consent_text, order.consent_at = basis, "You may say no.", START
    assert moments(session, order) == [Moment(START, words, "#1205", "You may say no.")]


def test_consent_without_its_moment_is_not_told_and_one_taken_back_is(session: Session) -> None:
    _store, order = make_shop(session)
    order.consent_basis, order.consent_at = None, START
    assert moments(session, order) == [Moment(START, "Basis of consent: taken back", "#1205", "")]
    order.consent_basis, order.consent_at = ConsentBasis.OPT_IN, None
    assert moments(session, order) == []


def test_every_mail_has_a_name_of_its_own() -> None:
    assert set(MAIL_OF) == set(Asking)
    assert len(set(MAIL_OF.values())) == len(Asking)


def test_a_planned_mail_is_to_come_and_says_why_it_was_put_off(session: Session) -> None:
    _store, order = make_shop(session)
    plan(session, order, PlannedState.PLANNED)
    plan(session, order, PlannedState.PLANNED, n=1, reason=NotSent.COOL_DOWN, due_at=START + 2 * DAY)
    assert moments(session, order) == [
        Moment(START + 2 * DAY, "Request planned", "#1205", NotSent.COOL_DOWN.words, is_ahead=True),
        Moment(START + DAY, "Request planned", "#1205", is_ahead=True),
    ]


@pytest.mark.parametrize("settled_at", [START, None])
def test_a_mail_that_was_not_sent_stands_where_that_was_settled(session: Session, settled_at: datetime | None) -> None:
    _store, order = make_shop(session)
    plan(session, order, PlannedState.NOT_SENT, reason=NotSent.REVIEWED, settled_at=settled_at)
    told = Moment(settled_at or START + DAY, "Request not sent", "#1205", NotSent.REVIEWED.words)
    assert moments(session, order) == [told]


def test_the_plan_of_a_mail_that_was_written_is_not_told_beside_the_mail(session: Session) -> None:
    _store, order = make_shop(session)
    plan(session, order, PlannedState.SENT, settled_at=START)
    assert moments(session, order) == []


ARRIVED = {
    MailState.WAITING: None,
    MailState.SENDING: None,
    MailState.SENT: (2 * HOUR, "Reminder: the mail server took it", ""),
    MailState.FAILED: (HOUR, "Reminder: did not arrive", "550 no such mailbox"),
    MailState.CANCELLED: (HOUR, "Reminder: did not arrive", "550 no such mailbox"),
}


@pytest.mark.parametrize("state", MailState)
def test_a_mail_is_told_as_far_as_it_came(session: Session, state: MailState) -> None:
    _store, order = make_shop(session)
    mail = make_mail(state, sent_at=START + 2 * HOUR, said="550 no such mailbox")
    ask(session, order, mail=mail, kind=Asking.REMINDER)
    *later, written = moments(session, order)
    assert written == Moment(START, "Reminder: mail written", "#1205")
    told = [(one.at - START, one.words, one.detail) for one in later]
    assert told == [ARRIVED[state]] if ARRIVED[state] else told == []


def test_a_mail_that_came_back_later_was_taken_and_came_back(session: Session) -> None:
    _store, order = make_shop(session)
    mail = make_mail(MailState.SENT, sent_at=START + HOUR, said="550 no such mailbox")
    mail.bounced_at = START + 5 * HOUR
    ask(session, order, mail=mail)
    assert moments(session, order)[:2] == [
        Moment(START + 5 * HOUR, "Request sent by hand: mail came back", "#1205", "550 no such mailbox"),
        Moment(START + HOUR, "Request sent by hand: the mail server took it", "#1205"),
    ]


def test_a_link_without_a_mail_and_its_first_use_are_told(session: Session) -> None:
    _store, order = make_shop(session)
    ask(session, order, started_at=START + HOUR)
    words = [one.words for one in moments(session, order)]
    assert words == ["Began to answer by the link", "Request sent by hand: mail written"]


def test_whether_a_mail_was_opened_is_each_stores_own_choice_to_see(session: Session) -> None:
    told = []
    for slug in ("larkspur", "juniper"):
        store, order = make_shop(session, slug)
        ask(session, order, opened_at=START + HOUR)
        session.add(MailStyle(store_id=store.id, counts_opens=slug == "juniper"))
        told.append([one.words for one in moments(session, order) if "opened" in one.words])
    assert told == [[], ["Request sent by hand: mail opened"]]


def test_reviews_of_the_buyers_orders_are_told_by_product_and_no_others(session: Session) -> None:
    store, order = make_shop(session)
    product = order.lines[0].product
    theirs = make_order(session, store, product, email="robin@example.com", number="#1206")
    for of in (order.id, theirs.id, None):
        leave_review(session, store, product, email="morgan@example.com").order_id = of
    assert moments(session, order) == [Moment(START, "Reviewed Ridge Daypack", "#1205")]


def test_two_stores_with_one_buyer_tell_each_its_own(session: Session) -> None:
    shops = [make_shop(session, slug) for slug in ("larkspur", "juniper")]
    for store, order in shops:
        plan(session, order, PlannedState.PLANNED, due_at=START + len(store.slug) * DAY)
        ask(session, order, created_at=START + len(store.slug) * HOUR)
        leave_review(session, store, order.lines[0].product).order_id = order.id
    for store, order in shops:
        length = len(store.slug)
        assert [one.at - START for one in moments(session, order)] == [length * DAY, length * HOUR, 0 * DAY]


def test_another_stores_buyer_is_as_absent_as_one_that_never_was(session: Session) -> None:
    (mine, own), (_theirs, foreign) = make_shop(session), make_shop(session, "juniper")
    assert find_customer(session, mine, own.customer_id).id == own.customer_id
    for customer_id in (foreign.customer_id, new_id(), own.id):
        with pytest.raises(NotFound):
            person_timeline(session, mine, customer_id)


def test_of_very_many_orders_the_newest_are_told(session: Session) -> None:
    store, order = make_shop(session)
    for number in range(MOST_ORDERS):
        row = Order(store_id=store.id, customer_id=order.customer_id, shop_id=f"{number}", number=f"#{number}")
        row.placed_at = START - timedelta(hours=number)
        session.add(row)
    session.flush()
    found = person_timeline(session, store, order.customer_id).moments
    assert [one.about for one in found] == [f"#{number}" for number in range(MOST_ORDERS)]


def test_a_long_life_is_read_with_as_few_statements_as_a_short_one(session: Session) -> None:
    store, order = make_shop(session)
    product_id, counts = order.lines[0].product_id, []
    for number in range(3):
        store, product = session.get_one(Store, store.id), session.get_one(Product, product_id)
        bought = make_order(session, store, product, number=f"#{number}")
        ask(session, bought, mail=make_mail(MailState.SENT, sent_at=START))
        leave_review(session, store, product).order_id = bought.id
        session.flush()
        session.expunge_all()
        with counted_statements(session) as sent:
            person_timeline(session, store, order.customer_id)
        counts.append(len(sent))
    assert counts == [counts[0]] * 3
