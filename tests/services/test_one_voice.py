from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.models.order import Order
from reviews_app.models.product import Product
from reviews_app.models.rating import ProductRating
from reviews_app.models.review import RejectionReason, Review, ReviewState, Source
from reviews_app.models.review_request import LinkExpired, LinkUsed, ReviewRequest, ReviewRequestUse
from reviews_app.models.store import Store
from reviews_app.services.decide_review import reject_review
from reviews_app.services.submit_by_link import LinkedProduct, submit_by_link
from reviews_app.services.tools import Tools
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review, make_draft
from tests.factories.review_request import make_link
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.two_people import two_at_once


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def shop(app: Flask) -> None:
    """A store with one product, committed."""
    with app.app_context(), transaction() as session:
        make_product(session, make_store(session))


def by_button(form_id: str, **changes: Any) -> Callable[[Session], ReviewState]:
    def leave(session: Session) -> ReviewState:
        store, product = session.scalars(select(Store)).one(), session.scalars(select(Product)).one()
        values: dict[str, Any] = {"email": "m@example.com", "form_id": form_id} | changes
        return leave_review(session, store, product, **values).state

    return leave


def by_link(session: Session, request: ReviewRequest, *, tools: Tools, form_id: str, place: int = 0) -> Review:
    store = session.scalars(select(Store)).one()
    linked = LinkedProduct(request, request.order.lines[place].product_id)
    return submit_by_link(session, make_draft(form_id=form_id), linked=linked, store=store, tools=tools)


def an_order(session: Session, *handles: str) -> tuple[Store, Order]:
    store = make_store(session)
    return store, make_order(session, store, *[make_product(session, store, handle) for handle in handles])


def total(session: Session) -> int:
    return sum(row.total for row in session.scalars(select(ProductRating)))


def test_two_forms_sent_at_the_same_moment_by_one_person_count_once(app: Flask, shop: None) -> None:
    assert two_at_once(app, by_button("one"), by_button("two", email=" M@Example.com")) is ReviewState.PENDING
    with app.app_context():
        assert total(reading()) == 1


def test_two_people_at_the_same_moment_both_count(app: Flask, shop: None) -> None:
    assert two_at_once(app, by_button("one"), by_button("two", email="k@example.com")) is ReviewState.PUBLISHED
    with app.app_context():
        assert total(reading()) == 2


def test_one_form_sent_twice_at_the_same_moment_is_one_review(app: Flask, shop: None) -> None:
    assert two_at_once(app, by_button("same"), by_button("same")) is ReviewState.PUBLISHED
    with app.app_context():
        assert total(reading()) == 1
        assert reading().scalar(select(func.count()).select_from(Review)) == 1


def test_one_form_sent_twice_at_once_is_one_review_also_when_its_address_was_put_right(app: Flask, shop: None) -> None:
    two_at_once(app, by_button("one", email="ann@exmaple.com"), by_button("one", email="ann@example.com"))
    with app.app_context():
        assert [one.email for one in reading().scalars(select(Review))] == ["ann@exmaple.com"]
        assert total(reading()) == 1


def test_a_second_review_waits_even_after_the_first_was_rejected(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    product = make_product(session, store)
    first = leave_review(session, store, product, email="m@example.com")
    reject_review(session, first, reason=RejectionReason.SPAM, clock=clock)
    second = leave_review(session, store, product, email="m@example.com")
    assert (second.state, second.is_repeat, second.decided_at) == (ReviewState.PENDING, True, None)


def test_another_product_or_another_store_is_another_voice(session: Session) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    places = [
        (store, make_product(session, store, "pack")),
        (store, make_product(session, store, "stove")),
        (other, make_product(session, other, "pack")),
    ]
    left = [leave_review(session, shop, product, email="m@example.com") for shop, product in places]
    assert [review.state for review in left] == [ReviewState.PUBLISHED] * 3
    assert [review.is_repeat for review in left] == [False] * 3


def test_a_suspect_review_waits_and_is_no_repeat(session: Session) -> None:
    store = make_store(session)
    review = leave_review(session, store, make_product(session, store), is_suspect=True)
    assert (review.state, review.is_repeat, total(session)) == (ReviewState.PENDING, False, 0)


def test_by_link_a_buyer_speaks_though_the_button_was_used(session: Session, tools: Tools) -> None:
    store, order = an_order(session, "pack")
    leave_review(session, store, order.lines[0].product, email=order.customer.email)
    request, _ = make_link(session, order, store=store, tools=tools)
    review = by_link(session, request, tools=tools, form_id="mine")
    assert (review.state, review.is_repeat, review.is_verified) == (ReviewState.PUBLISHED, False, True)


def test_a_link_speaks_once_for_each_product_of_the_order(session: Session, tools: Tools) -> None:
    store, order = an_order(session, "pack", "stove")
    request, _ = make_link(session, order, store=store, tools=tools)
    first = by_link(session, request, tools=tools, form_id="one")
    assert by_link(session, request, tools=tools, form_id="one").id == first.id
    with pytest.raises(LinkUsed):
        by_link(session, request, tools=tools, form_id="two")
    assert by_link(session, request, tools=tools, form_id="three", place=1).product_id != first.product_id
    assert total(session) == 2


def test_a_reminders_link_gives_no_second_voice(session: Session, tools: Tools, clock: FakeClock) -> None:
    store, order = an_order(session, "pack")
    first, _ = make_link(session, order, store=store, tools=tools)
    clock.advance(days=2)
    second, _ = make_link(session, order, store=store, tools=tools)
    by_link(session, second, tools=tools, form_id="one")
    with pytest.raises(LinkUsed):
        by_link(session, first, tools=tools, form_id="two")
    assert (total(session), len(session.scalars(select(ReviewRequestUse)).all())) == (1, 1)


@pytest.mark.parametrize("orders", [1, 2])
def test_two_links_of_one_buyer_used_at_the_same_moment_are_one_voice(app: Flask, tools: Tools, orders: int) -> None:
    links = two_links(app, tools, orders=orders)

    def use(place: int) -> Callable[[Session], UUID]:
        def leave(session: Session) -> UUID:
            request = session.get_one(ReviewRequest, links[place])
            return by_link(session, request, tools=tools, form_id=f"form {place}").id

        return leave

    assert isinstance(two_at_once(app, use(0), use(1)), LinkUsed)
    with app.app_context():
        assert total(reading()) == 1


def two_links(app: Flask, tools: Tools, *, orders: int) -> list[UUID]:
    with app.app_context(), transaction() as session:
        store, order = an_order(session, "pack")
        other = make_order(session, store, order.lines[0].product, number="#1206") if orders == 2 else order
        first, _ = make_link(session, order, store=store, tools=tools)
        first.created_at -= timedelta(days=2)
        second, _ = make_link(session, other, store=store, tools=tools)
        return [first.id, second.id]


def test_a_link_works_until_its_last_moment_and_not_at_it(session: Session, tools: Tools, clock: FakeClock) -> None:
    store, order = an_order(session, "pack", "stove")
    request, _ = make_link(session, order, store=store, tools=tools)
    clock.now = request.expires_at - timedelta(microseconds=1)
    by_link(session, request, tools=tools, form_id="one")
    clock.now = request.expires_at
    with pytest.raises(LinkExpired):
        by_link(session, request, tools=tools, form_id="two", place=1)
    # Sent again by an impatient finger, the form that was in time still gets its thanks.
    assert by_link(session, request, tools=tools, form_id="one").rating == 4


def test_only_the_link_earns_the_badge(session: Session, tools: Tools) -> None:
    store, order = an_order(session, "pack")
    product = order.lines[0].product
    for source in Source:
        assert not leave_review(session, store, product, source=source, email=order.customer.email).is_verified
    request, _ = make_link(session, order, store=store, tools=tools)
    review = by_link(session, request, tools=tools, form_id="mine")
    assert (review.is_verified, review.order_id, review.source) == (True, order.id, Source.REVIEW_REQUEST_EMAIL)
