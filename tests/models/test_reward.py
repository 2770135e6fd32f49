"""What becomes of a promise, for whom it was made, and which coupon a review earns."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.ids import new_id
from reviews_app.models.coupon import Coupon
from reviews_app.models.review import Source
from reviews_app.models.reward import Reward, RewardState, occasion_of_order, occasion_of_person
from reviews_app.models.reward_terms import RewardTerms
from tests.fakes.clock import START

OPEN = [RewardState.UNCONFIRMED, RewardState.UNPUBLISHED, RewardState.OWED]
ENDED = [state for state in RewardState if state not in OPEN]
ORDER_ID, STORE_ID = new_id(), new_id()


def a_reward(state: RewardState, occasion: str | None = None) -> Reward:
    return Reward(id=new_id(), state=state, occasion=occasion, settled_at=None)


@pytest.mark.parametrize("state", OPEN)
def test_an_open_promise_may_be_taken_back_and_frees_its_occasion(state: RewardState) -> None:
    reward = a_reward(state, occasion_of_order(ORDER_ID))
    assert reward.is_open
    reward.cancel(START)
    assert (reward.state, reward.occasion, reward.settled_at) == (RewardState.CANCELLED, None, START)


@pytest.mark.parametrize("state", ENDED)
def test_what_is_settled_stays_settled(state: RewardState) -> None:
    reward = a_reward(state, occasion_of_order(ORDER_ID))
    reward.cancel(START)
    assert (reward.state, reward.occasion, reward.settled_at) == (state, occasion_of_order(ORDER_ID), None)


def test_taking_back_twice_keeps_the_first_moment() -> None:
    reward = a_reward(RewardState.OWED)
    reward.cancel(START)
    reward.cancel(START.replace(year=2027))
    assert reward.settled_at == START


@pytest.mark.parametrize("state", RewardState)
def test_a_review_counts_as_rewarded_unless_the_person_had_their_code_or_it_was_taken_back(state: RewardState) -> None:
    assert a_reward(state).is_earned is (state not in {RewardState.GIVEN_BEFORE, RewardState.CANCELLED})


def test_of_an_erased_person_the_order_is_remembered_and_the_person_is_not() -> None:
    by_order = a_reward(RewardState.SENT, occasion_of_order(ORDER_ID))
    by_person = a_reward(RewardState.SENT, occasion_of_person(STORE_ID, "morgan@example.com"))
    by_order.forget(START)
    by_person.forget(START)
    assert by_order.occasion == occasion_of_order(ORDER_ID)
    assert by_person.occasion == f"erased:{by_person.id.hex}"


def test_two_erased_persons_still_have_occasions_of_their_own() -> None:
    rewards = [a_reward(RewardState.SENT, occasion_of_person(STORE_ID, f"{n}@example.com")) for n in range(3)]
    for reward in rewards:
        reward.forget(START)
    assert len({reward.occasion for reward in rewards}) == 3


@pytest.mark.parametrize("state", OPEN)
def test_erasing_a_person_ends_what_was_open(state: RewardState) -> None:
    reward = a_reward(state, occasion_of_person(STORE_ID, "morgan@example.com"))
    reward.forget(START)
    assert (reward.state, reward.occasion) == (RewardState.CANCELLED, None)


def test_a_person_is_known_again_by_store_and_address_and_told_by_neither() -> None:
    mine = occasion_of_person(STORE_ID, "morgan@example.com")
    assert mine == occasion_of_person(UUID(STORE_ID.hex), "morgan@example.com")
    assert mine != occasion_of_person(new_id(), "morgan@example.com")
    assert mine != occasion_of_person(STORE_ID, "robin@example.com")
    assert "morgan" not in mine
    assert STORE_ID.hex not in mine.replace("-", "")


@given(text=st.text(st.characters(), max_size=30))
def test_any_text_stands_for_a_person(text: str) -> None:
    assert occasion_of_person(STORE_ID, text).startswith("person:")


def test_half_a_letter_stands_for_a_person_too() -> None:
    assert occasion_of_person(STORE_ID, "\ud800@example.com").startswith("person:")


def coupon(name: str) -> Coupon:
    return Coupon(id=new_id(), description=name)


TEXT, PHOTO, VIDEO = coupon("text"), coupon("photo"), coupon("video")


def some_terms(text: Coupon | None, photo: Coupon | None, video: Coupon | None) -> RewardTerms:
    return RewardTerms(text_coupon=text, photo_coupon=photo, video_coupon=video, for_links=True, for_button=False)


@pytest.mark.parametrize(
    ("has_photo", "has_video", "best"),
    [(False, False, TEXT), (True, False, PHOTO), (False, True, VIDEO), (True, True, VIDEO)],
)
def test_a_review_earns_the_best_it_holds_something_for(best: Coupon, *, has_photo: bool, has_video: bool) -> None:
    assert some_terms(TEXT, PHOTO, VIDEO).earned(has_photo=has_photo, has_video=has_video) is best


def test_a_missing_coupon_gives_way_to_the_next_best() -> None:
    assert some_terms(TEXT, PHOTO, None).earned(has_photo=True, has_video=True) is PHOTO
    assert some_terms(TEXT, None, None).earned(has_photo=True, has_video=True) is TEXT
    assert some_terms(TEXT, PHOTO, None).earned(has_photo=False, has_video=True) is TEXT
    assert some_terms(None, PHOTO, VIDEO).earned(has_photo=False, has_video=False) is None


def test_more_than_a_text_never_earns_nothing_where_a_text_earns() -> None:
    for photo, video in product((PHOTO, None), (VIDEO, None)):
        terms = some_terms(TEXT, photo, video)
        assert all(terms.earned(has_photo=p, has_video=v) for p, v in product((True, False), repeat=2))


def test_a_coupon_named_twice_is_one() -> None:
    assert some_terms(TEXT, TEXT, VIDEO).coupons == (TEXT, VIDEO)
    assert some_terms(None, None, None).coupons == ()


def test_each_door_has_its_own_switch() -> None:
    terms = some_terms(TEXT, None, None)
    assert terms.covers(Source.REVIEW_REQUEST_EMAIL)
    assert not terms.covers(Source.WRITE_REVIEW_BUTTON)
