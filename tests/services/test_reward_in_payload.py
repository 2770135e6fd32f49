from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.delivery import Delivery
from reviews_app.models.review import Review
from reviews_app.models.reward import RewardState
from reviews_app.services.freeze_body import freeze_body
from reviews_app.services.promise_reward import promise_reward
from reviews_app.services.tools import Tools
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.reward import FIVE_OFF, make_coupon, make_terms, reward_of
from tests.factories.store import make_store


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


def a_review(session: Session, tools: Tools, *, is_proven: bool | None) -> Review:
    """Left with an offer of a store that has one code; without an offer for None."""
    store = make_store(session)
    make_destination(session, store)
    review = leave_review(session, store, make_product(session, store), clock=tools.clock)
    terms = make_terms(session, store, make_coupon(session, store, "CODE-ONE-1111", tools=tools), tools=tools)
    if is_proven is not None:
        promise_reward(session, review, terms, is_proven=is_proven, page_language="en", tools=tools)
    return review


def body_of(session: Session, review: Review, tools: Tools) -> Any:
    delivery = session.scalars(select(Delivery).where(Delivery.review_id == review.id)).one()
    return orjson.loads(freeze_body(session, delivery, {}, addresses=tools.addresses))


def test_a_proven_review_tells_the_coupon_it_earned(session: Session, tools: Tools) -> None:
    review = a_review(session, tools, is_proven=True)
    assert body_of(session, review, tools)["reward"] == {"type": "coupon", "description": FIVE_OFF}


def test_an_unproven_review_says_that_the_address_comes_first(session: Session, tools: Tools) -> None:
    review = a_review(session, tools, is_proven=False)
    words = f"{FIVE_OFF} after the address is confirmed"
    assert body_of(session, review, tools)["reward"] == {"type": "coupon", "description": words}


def test_the_first_body_stays_whatever_becomes_of_the_reward(session: Session, tools: Tools) -> None:
    review = a_review(session, tools, is_proven=False)
    first = body_of(session, review, tools)
    reward = reward_of(session, review)
    assert reward is not None
    reward.is_proven, reward.state = True, RewardState.SENT
    session.flush()
    assert body_of(session, review, tools) == first


def test_a_review_without_an_offer_has_no_reward(session: Session, tools: Tools) -> None:
    assert body_of(session, a_review(session, tools, is_proven=None), tools)["reward"] is None


@pytest.mark.parametrize("state", [RewardState.GIVEN_BEFORE, RewardState.CANCELLED])
def test_what_is_not_earned_is_not_told(session: Session, tools: Tools, state: RewardState) -> None:
    review = a_review(session, tools, is_proven=False)
    reward = reward_of(session, review)
    assert reward is not None
    reward.state = state
    assert body_of(session, review, tools)["reward"] is None


def test_no_code_is_ever_in_the_body(session: Session, tools: Tools) -> None:
    assert "CODE-ONE" not in str(body_of(session, a_review(session, tools, is_proven=True), tools))
