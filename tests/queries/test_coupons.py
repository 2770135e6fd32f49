"""A store's coupons, how many codes each has left, and the list of what was promised."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.reward import Reward, RewardState
from reviews_app.models.store import Store
from reviews_app.queries.coupons import coupon_stock, coupons_of, find_coupon
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.reward_list import PAGE, reward_page
from reviews_app.queries.reward_offer import has_codes, newest_terms
from reviews_app.services.tools import Tools
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.reward import make_coupon, make_terms
from tests.factories.store import make_store


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


def promise(session: Session, store: Store, count: int, *, tools: Tools, state: RewardState = RewardState.OWED) -> None:
    product = make_product(session, store, f"pack-{new_id().hex}")
    terms = newest_terms(session, store.id)
    assert terms is not None
    for _ in range(count):
        review = leave_review(session, store, product, clock=tools.clock)
        session.flush()
        reward = Reward(store_id=store.id, review_id=review.id, terms_id=terms.id, coupon_id=terms.text_coupon_id)
        reward.state, reward.is_proven, reward.language_code, reward.created_at = state, True, "en", tools.clock()
        session.add(reward)
    session.flush()


def test_a_store_without_coupons_has_no_stock(session: Session, tools: Tools) -> None:
    make_coupon(session, make_store(session, "juniper"), "A", tools=tools)
    store = make_store(session)
    assert (list(coupons_of(session, store)), coupon_stock(session, store)) == ([], [])
    assert reward_page(session, store, after="").rows == []


def test_codes_are_counted_by_coupon_and_by_store(session: Session, tools: Tools) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    full = make_coupon(session, store, "A", "B", "C", tools=tools)
    empty = make_coupon(session, store, tools=tools, description="A sticker")
    make_coupon(session, other, "A", "B", tools=tools)
    make_terms(session, store, full, tools=tools)
    promise(session, store, 2, tools=tools)
    promise(session, store, 1, tools=tools, state=RewardState.SENT)
    counted = {one.coupon.id: (one.left, one.given, one.owed) for one in coupon_stock(session, store)}
    assert counted == {full.id: (3, 0, 2), empty.id: (0, 0, 0)}


def test_a_code_that_somebody_waits_for_is_not_free(session: Session, tools: Tools) -> None:
    store = make_store(session)
    coupon = make_coupon(session, store, "A", "B", tools=tools)
    make_terms(session, store, coupon, tools=tools)
    assert has_codes(session, coupon)
    promise(session, store, 1, tools=tools, state=RewardState.CANCELLED)
    assert has_codes(session, coupon)
    promise(session, store, 1, tools=tools)
    assert not has_codes(session, coupon)


def test_another_stores_coupon_is_as_absent_as_one_that_never_was(session: Session, tools: Tools) -> None:
    mine, theirs = make_store(session), make_store(session, "juniper")
    coupon = make_coupon(session, theirs, tools=tools)
    assert find_coupon(session, theirs, coupon.id) is coupon
    for coupon_id in (coupon.id, new_id()):
        with pytest.raises(NotFound):
            find_coupon(session, mine, coupon_id)


def test_promises_of_one_moment_are_walked_once_the_newest_first(session: Session, tools: Tools) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    for one in (store, other):
        make_terms(session, one, make_coupon(session, one, tools=tools), tools=tools)
    promise(session, other, 2, tools=tools)
    promise(session, store, PAGE, tools=tools)
    assert reward_page(session, store, after="").next_after is None
    promise(session, store, 1, tools=tools)
    first = reward_page(session, store, after="")
    second = reward_page(session, store, after=str(first.next_after))
    walked = [row.reward.id for page in (first, second) for row in page.rows]
    mine = session.scalars(select(Reward.id).where(Reward.store_id == store.id)).all()
    assert walked == sorted(mine, reverse=True)
    assert (len(first.rows), len(second.rows), second.next_after) == (PAGE, 1, None)
    foreign = reward_page(session, other, after="").rows[-1].reward.id
    for nonsense in ("", "x", str(UUID(int=0)), str(foreign)):
        assert reward_page(session, store, after=nonsense).rows == first.rows
