import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from reviews_app.lib.tokens import token_hash
from reviews_app.models.review import Source
from reviews_app.models.review_request import ReviewRequest
from reviews_app.services.request_refused import AskedRecently, BuyerNotAsked, NothingLeftToReview, OrderNotFulfilled
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.submit_review import Proof
from reviews_app.services.tools import Tools
from reviews_app.services.unsubscribe import unsubscribe
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


def text_of(tools: Tools, request: ReviewRequest) -> str:
    assert request.mail is not None
    assert request.mail.message is not None
    return tools.keyring.open(request.mail.message)


def test_a_request_is_a_row_and_a_mail_whose_link_only_the_hash_is_kept_of(session: Session, tools: Tools) -> None:
    store = make_store(session)
    order = make_order(session, store, make_product(session, store, variants=("Moss",)))
    request = request_reviews(session, order, store=store, tools=tools)
    tokens = set(re.findall(r"http://shop\.test/r/([\w-]{22})", text_of(tools, request)))
    assert [token_hash(token) for token in tokens] == [request.token_hash]


def test_only_products_without_a_review_are_asked_for(session: Session, tools: Tools) -> None:
    store = make_store(session)
    pack, stove = make_product(session, store, "pack"), make_product(session, store, "stove")
    order = make_order(session, store, pack, stove)
    leave_review(session, store, pack, source=Source.REVIEW_REQUEST_EMAIL, proof=Proof(order))
    text = text_of(tools, request_reviews(session, order, store=store, tools=tools))
    assert str(stove.id) in text
    assert str(pack.id) not in text


def test_no_request_when_every_product_is_reviewed(session: Session, tools: Tools) -> None:
    store = make_store(session)
    pack = make_product(session, store)
    order = make_order(session, store, pack)
    leave_review(session, store, pack, source=Source.REVIEW_REQUEST_EMAIL, proof=Proof(order))
    with pytest.raises(NothingLeftToReview):
        request_reviews(session, order, store=store, tools=tools)


def test_no_request_before_the_goods_arrived(session: Session, tools: Tools) -> None:
    store = make_store(session)
    order = make_order(session, store, make_product(session, store))
    order.fulfilled_at = None
    with pytest.raises(OrderNotFulfilled):
        request_reviews(session, order, store=store, tools=tools)


def test_no_request_to_a_buyer_who_said_no(session: Session, tools: Tools, clock: FakeClock) -> None:
    store = make_store(session)
    order = make_order(session, store, make_product(session, store))
    unsubscribe(session, order.customer, clock=clock)
    with pytest.raises(BuyerNotAsked):
        request_reviews(session, order, store=store, tools=tools)


def test_a_link_asked_for_by_hand_lasts_as_long_as_the_rule_says(
    session: Session, tools: Tools, clock: FakeClock
) -> None:
    store = make_store(session)
    make_rule(session, store, link_days=12)
    request = request_reviews(
        session, make_order(session, store, make_product(session, store)), store=store, tools=tools
    )
    assert request.expires_at == clock() + timedelta(days=12)


def test_a_second_request_waits_a_day(session: Session, tools: Tools, clock: FakeClock) -> None:
    store = make_store(session)
    order = make_order(session, store, make_product(session, store))
    request_reviews(session, order, store=store, tools=tools)
    with pytest.raises(AskedRecently) as refused:
        request_reviews(session, order, store=store, tools=tools)
    assert refused.value.until == clock() + timedelta(days=1)
    clock.advance(days=1)
    assert request_reviews(session, order, store=store, tools=tools).order_id == order.id
