import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from reviews_app.lib.ids import new_id
from reviews_app.models.customer import Customer
from reviews_app.models.membership import StoreRole
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.product import Product
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.erase_person import erase_person
from reviews_app.services.plan_requests import plan_order
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.unsubscribe import unsubscribe
from tests.factories.order import make_order
from tests.factories.request_rule import make_rule
from tests.factories.review import leave_review
from tests.fakes.clock import START
from tests.web.merchant.conftest import House

BUTTON = "Send review request"


def place(house: House, number: str = "#1205", *, fulfilled: bool = True) -> str:
    """An order; gives the address of its button."""
    with house.writing() as (writing, store):
        order = make_order(writing, store, writing.scalars(select(Product)).one(), number=number)
        if not fulfilled:
            order.fulfilled_at = None
        return f"{house.at}/orders/{order.id}/request"


def orders(house: House) -> str:
    return " ".join(house.owner.open(f"{house.at}/orders").text.split())


def test_no_order_says_so(house: House) -> None:
    assert "No orders yet." in orders(house)


def test_a_request_is_written_with_its_mail_and_shown(house: House) -> None:
    url = place(house)
    house.owner.send(f"{house.at}/orders", at=url)
    with house.rows() as rows:
        assert rows.scalars(select(ReviewRequest)).one().mail_id == rows.scalars(select(OutgoingMail.id)).one()
    assert "Request on its way" in orders(house)
    with house.writing() as (writing, _store):
        writing.scalars(select(OutgoingMail)).one().state = MailState.SENT
    assert "Request sent" in orders(house)


def test_the_button_is_there_only_while_a_request_would_go_out(house: House) -> None:
    url = place(house)
    assert BUTTON in orders(house)
    house.owner.send(f"{house.at}/orders", at=url)
    assert BUTTON not in orders(house)
    house.clock.advance(days=2)
    assert BUTTON in orders(house)


def test_an_order_that_is_not_fulfilled_has_no_button(house: House) -> None:
    place(house, fulfilled=False)
    assert BUTTON not in orders(house)
    assert "Not fulfilled" in orders(house)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Planned for 7 Dec"),
        ({"country_code": "DE"}, "Not asked"),
        ({"country_code": "DE", "fulfilled_at": None}, "Not fulfilled"),
        ({"cancelled_at": START}, "Cancelled"),
        ({"cancelled_at": START, "fulfilled_at": None}, "Cancelled"),
        ({"fulfilled_at": START - timedelta(days=90)}, ""),
    ],
)
def test_an_order_says_what_will_become_of_its_request(house: House, facts: dict[str, Any], said: str) -> None:
    place(house)
    with house.writing() as (writing, store):
        make_rule(writing, store)
        order = writing.scalars(select(Order)).one()
        values = {"country_code": "US", "time_zone": "UTC", "fulfilled_at": START, "delivered_at": START} | facts
        for name, value in values.items():
            setattr(order, name, value)
        writing.flush()
        plan_order(writing, store, order, now=house.clock())
    assert re.findall(r"</svg>((?:Planned|Not|Cancelled)[^<]*)</span>", orders(house)) == ([said] if said else [])


def test_a_plan_gives_way_to_the_request_that_was_sent_by_hand(house: House) -> None:
    url = place(house)
    with house.writing() as (writing, store):
        make_rule(writing, store)
        plan_order(writing, store, writing.scalars(select(Order)).one(), now=house.clock())
    assert "Planned for" in orders(house)
    house.owner.send(f"{house.at}/orders", at=url)
    assert "Planned for" not in orders(house)
    assert "Request on its way" in orders(house)


def test_a_buyer_who_wants_none_has_no_button(house: House) -> None:
    place(house)
    with house.writing() as (writing, _store):
        unsubscribe(writing, writing.scalars(select(Customer)).one(), clock=house.clock)
    assert BUTTON not in orders(house)
    assert "Wants no requests" in orders(house)


@pytest.mark.parametrize(
    ("reason", "words"),
    [(SuppressionReason.BOUNCED, "Mail comes back"), (SuppressionReason.COMPLAINED, "Marked as spam")],
)
def test_a_buyer_whose_mail_comes_back_has_no_button(house: House, reason: SuppressionReason, words: str) -> None:
    place(house)
    with house.writing() as (writing, store):
        suppress_address(writing, store.id, "morgan@example.com", reason, clock=house.clock)
    assert BUTTON not in orders(house)
    assert words in orders(house)


def test_an_erased_buyer_has_no_button(house: House) -> None:
    place(house)
    with house.writing() as (writing, store):
        erase_person(writing, store, "morgan@example.com", clock=house.clock)
    assert BUTTON not in orders(house)
    assert "Erased" in orders(house)


def test_a_request_that_was_stopped_says_so(house: House) -> None:
    house.owner.send(f"{house.at}/orders", at=place(house))
    with house.writing() as (writing, _store):
        writing.scalars(select(OutgoingMail)).one().state = MailState.CANCELLED
    assert "Not sent" in orders(house)


def test_an_order_whose_products_are_reviewed_has_no_button(house: House) -> None:
    place(house)
    with house.writing() as (writing, store):
        review = leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock)
        review.order_id = writing.scalars(select(Order.id)).one()
    assert "1 of 1 reviewed" in orders(house)
    assert BUTTON not in orders(house)


def test_a_refusal_says_why(house: House) -> None:
    url = place(house)
    house.owner.send(f"{house.at}/orders", at=url)
    place(house, "#1206")
    house.owner.send(f"{house.at}/orders", at=url)
    assert "A request for this order went out less than a day ago." in orders(house)
    with house.rows() as rows:
        assert rows.scalar(select(func.count()).select_from(ReviewRequest)) == 1


def test_a_buyer_asked_about_another_order_rests_and_the_page_says_until_when(house: House) -> None:
    first, second = place(house), place(house, "#1206")
    house.owner.send(f"{house.at}/orders", at=first)
    house.owner.send(f"{house.at}/orders", at=second)
    said = orders(house)
    assert "This buyer was asked about another order not long ago, and gets a rest as your rule says." in said
    assert "It may go from 23 Dec, 00:00." in said
    with house.rows() as rows:
        assert rows.scalar(select(func.count()).select_from(ReviewRequest)) == 1
    house.clock.now = datetime(2026, 12, 22, 23, 0, tzinfo=UTC)
    house.owner.send(f"{house.at}/orders", at=second)
    with house.rows() as rows:
        assert rows.scalar(select(func.count()).select_from(ReviewRequest)) == 2


def test_no_rest_where_the_stores_rule_has_none(house: House) -> None:
    first, second = place(house), place(house, "#1206")
    with house.writing() as (writing, store):
        make_rule(writing, store, cooldown_days=0)
    house.owner.send(f"{house.at}/orders", at=first)
    house.owner.send(f"{house.at}/orders", at=second)
    with house.rows() as rows:
        assert rows.scalar(select(func.count()).select_from(ReviewRequest)) == 2


def test_a_fourth_mail_of_the_day_by_hand_waits_for_its_hour(house: House) -> None:
    url, other = place(house), place(house, "#1206")
    with house.writing() as (writing, store):
        make_rule(writing, store, cooldown_days=0)
    house.owner.send(f"{house.at}/orders", at=url)
    with house.writing() as (writing, _store):
        mail = writing.scalars(select(OutgoingMail)).one()
        columns = {column.key: getattr(mail, column.key) for column in OutgoingMail.__table__.columns}
        for _ in range(2):
            id_ = new_id()
            writing.add(OutgoingMail(**columns | {"id": id_, "message_id": f"<{id_}@shop.test>"}))
    house.clock.advance(hours=2)
    house.owner.send(f"{house.at}/orders", at=other)
    said = orders(house)
    assert "Three mails went to this address within a day, and no person gets more. It may go from 24 Nov," in said
    with house.rows() as rows:
        assert rows.scalar(select(func.count()).select_from(ReviewRequest)) == 1


def test_a_mail_that_was_refused_is_told(house: House) -> None:
    house.owner.send(f"{house.at}/orders", at=place(house))
    with house.writing() as (writing, _store):
        writing.scalars(select(OutgoingMail)).one().state = MailState.FAILED
    assert "Mail refused" in orders(house)


def test_a_moderator_sees_orders_and_sends_nothing(house: House) -> None:
    url = place(house)
    moderator = house.visitor(StoreRole.MODERATOR)
    assert BUTTON not in moderator.open(f"{house.at}/orders").text
    assert moderator.client.post(url).status_code == 403


def test_an_unknown_order_or_a_missing_token_sends_nothing(house: House) -> None:
    url = place(house)
    assert house.owner.client.post(url).status_code == 400
    nowhere = f"{house.at}/orders/{new_id()}/request"
    assert house.owner.send(f"{house.at}/orders", at=nowhere).status_code == 404
    with house.rows() as rows:
        assert rows.scalars(select(ReviewRequest)).all() == []


def test_orders_of_one_moment_stand_on_their_pages_once(house: House) -> None:
    for number in range(30):
        place(house, f"#{number}")
    url, seen = f"{house.at}/orders", []
    while url:
        text = house.owner.open(url).text
        seen += [part.partition("/")[0] for part in text.split(f'action="{house.at}/orders/')[1:]]
        url = text.partition('<p><a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 30
