"""An order typed in by the merchant: as any other door's, with every mistake said where it was made."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.test import TestResponse

from reviews_app.models.membership import StoreRole
from reviews_app.models.order import ConsentBasis, Order, OrderLine
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.product import Product, ProductVariant
from reviews_app.models.review_request import ReviewRequest
from reviews_app.services.erase_person import erase_person
from tests.factories.member import make_member, signed_in
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.store import make_store
from tests.fakes.clock import START
from tests.fakes.visitor import Page, errors, typed
from tests.web.merchant.conftest import House

MIDNIGHT = datetime(2026, 11, 9, 23, tzinfo=UTC)
TYPED = {
    "number": " #3001 ",
    "name": "Morgan Reed",
    "email": " Morgan@Example.com ",
    "country": "AU",
    "placed_on": "2026-11-10",
    "fulfilled_on": "2026-11-12",
    "lines-0-quantity": "2",
}


def bought(house: House, title: str = "Ridge Daypack", variant: str = "Moss") -> str:
    """What the list of products sends for one of them."""
    with house.rows() as rows:
        mine = select(Product.id).where(Product.title == title, Product.store_id == house.store(rows).id)
        product_id = rows.scalars(mine).one()
        kinds = select(ProductVariant.id).where(ProductVariant.product_id == product_id, ProductVariant.name == variant)
        return str(rows.scalar(kinds) or product_id)


def enter(house: House, **changes: Any) -> TestResponse:
    values = TYPED | {"lines-0-product": bought(house)} | changes
    return house.owner.send(f"{house.at}/orders/new", **values)


def the_order(house: House) -> Order:
    parts = (
        joinedload(Order.customer),
        selectinload(Order.lines).joinedload(OrderLine.product),
        selectinload(Order.lines).joinedload(OrderLine.variant),
    )
    with house.rows() as rows:
        rows.rollback()
        return rows.scalars(select(Order).options(*parts)).one()


def count(house: House, table: type = Order) -> int:
    with house.rows() as rows:
        rows.rollback()
        return rows.scalar(select(func.count()).select_from(table)) or 0


def test_an_order_is_what_was_typed_under_its_number(house: House) -> None:
    answer = enter(house, delivered_on="2026-11-15")
    assert (answer.status_code, answer.location) == (303, f"{house.at}/orders")
    order = the_order(house)
    assert (order.number, order.shop_id, order.buyer_name) == ("#3001", "#3001", "Morgan Reed")
    assert (order.customer.email, order.country_code) == ("Morgan@Example.com", "AU")
    days = (order.placed_at, order.fulfilled_at, order.delivered_at)
    assert days == (MIDNIGHT, MIDNIGHT + timedelta(days=2), MIDNIGHT + timedelta(days=5))
    (line,) = order.lines
    assert (line.product.handle, line.variant and line.variant.name, line.quantity) == ("ridge-daypack", "Moss", 2)
    assert order.consent_basis is None
    shown = house.owner.open(f"{house.at}/orders").text
    assert "Order #3001 is here." in shown
    assert "Send review request" in shown


def test_the_list_of_orders_leads_to_the_form_and_the_form_to_a_request(house: House) -> None:
    empty = house.owner.open(f"{house.at}/orders").text
    assert empty.count(f'href="{house.at}/orders/new"') == 2
    enter(house)
    order = the_order(house)
    house.owner.send(f"{house.at}/orders", at=f"{house.at}/orders/{order.id}/request")
    assert count(house, ReviewRequest) == 1


def test_an_order_that_left_today_is_asked_for_by_a_rule_switched_on_this_morning(house: House) -> None:
    with house.writing() as (writing, store):
        make_rule(writing, store, on_since=START - timedelta(hours=2))
    opened = house.owner.open(f"{house.at}/orders/new")
    assert typed(opened)["placed_on"] == ["2026-11-23"]
    assert typed(opened)["country"] == ["US"]
    enter(house, placed_on="2026-11-23", fulfilled_on="2026-11-23")
    with house.rows() as rows:
        assert rows.scalars(select(PlannedMail.state)).one() is PlannedState.PLANNED


@pytest.mark.parametrize(
    ("chosen", "basis", "text"),
    [
        ("opt_in", ConsentBasis.OPT_IN, "Yes, ask me"),
        ("existing_customer", ConsentBasis.EXISTING_CUSTOMER, "Yes, ask me"),
        ("refused", ConsentBasis.REFUSED, "Yes, ask me"),
        ("not_known", None, ""),
    ],
)
def test_what_the_buyer_said_to_mails_is_kept_with_the_words_they_read(
    house: House, chosen: str, basis: ConsentBasis | None, text: str
) -> None:
    enter(house, consent=chosen, consent_text="Yes, ask me")
    order = the_order(house)
    assert (order.consent_basis, order.consent_text) == (basis, text)


def test_a_country_that_wants_a_basis_gets_its_request_only_with_one(house: House) -> None:
    with house.writing() as (writing, store):
        make_rule(writing, store)
    enter(house, country="DE", number="1")
    enter(house, country="DE", number="2", consent="opt_in")
    with house.rows() as rows:
        plans = select(Order.number, PlannedMail.state).join(Order, Order.id == PlannedMail.order_id)
        states = {row.number: row.state for row in rows.execute(plans)}
    assert states == {"1": PlannedState.NOT_SENT, "2": PlannedState.PLANNED}


def test_another_row_comes_without_script_and_keeps_what_was_typed(house: House) -> None:
    with house.writing() as (writing, store):
        make_product(writing, store, "field-stove")
    more = enter(house, more="1")
    assert (more.status_code, count(house)) == (200, 0)
    values = Page(more.text).values
    assert (values["number"], values["lines-0-quantity"]) == ([TYPED["number"]], ["2"])
    values |= {"lines-1-product": [bought(house, "Field Stove")]}
    assert house.owner.client.post(f"{house.at}/orders/new", data=values).status_code == 303
    lines = [(line.product.handle, line.variant_id is None, line.quantity) for line in the_order(house).lines]
    assert lines == [("ridge-daypack", False, 2), ("field-stove", True, 1)]


def test_the_same_product_in_two_rows_is_two_lines(house: House) -> None:
    enter(house, **{"lines-1-product": bought(house), "lines-1-quantity": "3"})
    assert [line.quantity for line in the_order(house).lines] == [2, 3]


MISTAKES: dict[str, tuple[dict[str, str], str]] = {
    "no number": ({"number": "  "}, "The order needs its number."),
    "a long number": ({"number": "9" * 101}, "Up to 100 letters fit here. This is 1 too long."),
    "a letter nobody types": (
        {"name": "Mor\x00gan"},
        "This holds a character that cannot be shown. Type it once more.",
    ),
    "no email": ({"email": ""}, "The buyer’s email is needed."),
    "no address": ({"email": "morgan"}, "This is not an email address yet. It looks like name@example.com"),
    "two addresses": (
        {"email": "a@b.example,c@d.example"},
        "This is not an email address yet. It looks like name@example.com",
    ),
    "no country": ({"country": "ZZ"}, "Choose one of the countries shown."),
    "no day": ({"placed_on": ""}, "The day it was placed is needed."),
    "a day that is none": ({"placed_on": "2026-02-30"}, "Write the day as year, month and day, such as 2026-11-23."),
    "a day in words": ({"fulfilled_on": "yesterday"}, "Write the day as year, month and day, such as 2026-11-23."),
    "a day long ago": ({"placed_on": "0001-01-01"}, "This lies before the year 2000."),
    "a day to come": (
        {"placed_on": "2026-11-10", "fulfilled_on": "", "delivered_on": "9999-12-31"},
        "This lies in the future.",
    ),
    "left before it was placed": ({"fulfilled_on": "2026-11-09"}, "It cannot have left before it was placed."),
    "arrived before it left": ({"delivered_on": "2026-11-11"}, "It cannot have arrived before it left."),
    "nothing bought": ({"lines-0-product": ""}, "Choose what was bought."),
    "a product of nobody": ({"lines-0-product": "nothing"}, "Choose one of your products."),
    "none of it": ({"lines-0-quantity": "0"}, "From 1 to 1,000."),
    "half of it": ({"lines-0-quantity": "1.5"}, "From 1 to 1,000."),
    "an answer that is none": ({"consent": "perhaps"}, "Choose one of the four."),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_at_its_field_and_what_was_typed_stays(house: House, mistake: str) -> None:
    changes, words = MISTAKES[mistake]
    answer = enter(house, **changes)
    assert (answer.status_code, errors(answer)) == (422, [words])
    assert "<title>Error: " in answer.text
    kept = typed(answer)
    for name, value in changes.items():
        if value and name.endswith("_on"):
            assert kept[name] == [value]
    assert (kept["lines-0-quantity"], kept["consent_text"]) == ([changes.get("lines-0-quantity", "2")], [""])
    assert count(house) == 0


def test_another_stores_product_cannot_be_bought_here(house: House, neighbour: House) -> None:
    theirs = bought(neighbour)
    assert errors(enter(house, **{"lines-0-product": theirs})) == ["Choose one of your products."]
    for one, is_offered in ((house, False), (neighbour, True)):
        assert (theirs in one.owner.open(f"{one.at}/orders/new").text) is is_offered


def test_a_number_that_is_here_is_said_and_changes_nothing_until_it_is_wished(house: House) -> None:
    enter(house, fulfilled_on="")
    assert "Order #3001 is here. Once it has left, say so in its row." in house.owner.open(f"{house.at}/orders").text
    again = enter(house, name="Somebody Else")
    words = "Order #3001 is here already. Choose another number, or update it."
    assert (again.status_code, errors(again)) == (422, [words])
    assert (the_order(house).fulfilled_at, the_order(house).buyer_name) == (None, "Morgan Reed")
    assert 'name="update"' in again.text
    house.clock.advance(minutes=1)
    values = Page(again.text).values | {"update": "1"}
    assert house.owner.client.post(f"{house.at}/orders/new", data=values).status_code == 303
    order = the_order(house)
    assert (order.fulfilled_at, order.buyer_name) == (MIDNIGHT + timedelta(days=2), "Somebody Else")


def test_an_order_typed_before_it_left_is_opened_as_it_stands_and_only_the_day_is_added(house: House) -> None:
    enter(
        house,
        fulfilled_on="",
        consent="opt_in",
        consent_text="Yes",
        **{"lines-1-product": bought(house), "lines-1-quantity": "1"},
    )
    listed = house.owner.open(f"{house.at}/orders").text
    assert "Say that it left" in listed
    (address,) = set(re.findall(r'href="([^"]+\?number=[^"]+)"', listed))
    shown = Page(house.owner.open(address).text).values
    assert (shown["email"], shown["placed_on"], shown["lines-1-quantity"]) == (
        ["Morgan@Example.com"],
        ["2026-11-10"],
        ["1"],
    )
    house.clock.advance(minutes=1)
    answer = house.owner.client.post(f"{house.at}/orders/new", data=shown | {"fulfilled_on": ["2026-11-12"]})
    assert answer.status_code == 303
    order = the_order(house)
    assert (order.fulfilled_at, order.consent_basis, order.consent_text) == (
        MIDNIGHT + timedelta(days=2),
        ConsentBasis.OPT_IN,
        "Yes",
    )
    assert [line.quantity for line in order.lines] == [2, 1]
    assert "Say that it left" not in house.owner.open(f"{house.at}/orders").text


def test_an_update_with_a_mistake_stays_an_update(house: House) -> None:
    enter(house)
    answer = house.owner.send(f"{house.at}/orders/new?number=%233001", at=f"{house.at}/orders/new", email="morgan")
    assert answer.status_code == 422
    assert "Change an order" in answer.text
    assert typed(answer)["update"] == ["1"]


def test_another_stores_number_opens_an_empty_form(house: House, neighbour: House) -> None:
    enter(neighbour)
    shown = house.owner.open(f"{house.at}/orders/new?number=%233001")
    assert (typed(shown)["number"], typed(shown)["email"]) == ([""], [""])


def test_an_order_the_shop_told_of_is_not_touched_from_here(house: House) -> None:
    enter(house)
    with house.writing() as (writing, _store):
        writing.scalars(select(Order)).one().shop_id = "5012"
    for wish in ({}, {"update": "1"}):
        answer = enter(house, name="Somebody Else", **wish)
        words = "Order #3001 is here already: your shop told of it, and tells what becomes of it."
        assert (answer.status_code, errors(answer)) == (422, [words])
        assert 'name="update"' not in answer.text
    assert the_order(house).buyer_name == "Morgan Reed"


def test_the_same_number_in_another_store_is_another_order(house: House, neighbour: House) -> None:
    assert [enter(one).status_code for one in (house, neighbour)] == [303, 303]
    assert count(house) == 2


def test_who_was_erased_does_not_come_back_by_the_form(house: House) -> None:
    enter(house)
    with house.writing() as (writing, store):
        erase_person(writing, store, "morgan@example.com", clock=house.clock)
    house.clock.advance(minutes=1)
    enter(house, update="1")
    order = the_order(house)
    assert (order.customer.email, order.buyer_name, order.customer.name) == ("", "", "")


def test_a_store_without_products_is_led_to_them_first(house: House) -> None:
    with house.writing() as (writing, _store):
        make_member(writing, make_store(writing, "thistle"), "thistle@example.com")
    shown = signed_in(house.app, "thistle@example.com").get("/merchant/thistle/orders/new").text
    assert "add a product" in shown
    assert "Order number" not in shown


@pytest.mark.parametrize("role", [StoreRole.VIEWER, StoreRole.MODERATOR])
def test_who_may_not_send_requests_enters_no_order(house: House, role: StoreRole) -> None:
    somebody = house.visitor(role)
    assert somebody.open(f"{house.at}/orders/new").status_code == 403
    assert somebody.client.post(f"{house.at}/orders/new", data=TYPED).status_code == 403
    assert "/orders/new" not in somebody.open(f"{house.at}/orders").text


def test_hostile_words_are_words(house: House) -> None:
    hostile = "<script>alert(1)</script>{{7*7}}"
    enter(house, number=hostile, name=hostile)
    shown = house.owner.open(f"{house.at}/orders").text
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in shown


def test_more_rows_than_fit_are_left_out(house: House) -> None:
    rows = {f"lines-{place}-product": bought(house) for place in range(60)}
    quantities = {f"lines-{place}-quantity": "1" for place in range(60)}
    full = enter(house, more="1", **rows, **quantities)
    assert 'id="lines-49-product"' in full.text
    assert 'id="lines-50-product"' not in full.text
    assert enter(house, **rows, **quantities).status_code == 303
    assert len(the_order(house).lines) == 50
