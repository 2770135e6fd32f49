"""The moves a review can make, told by the noun itself."""

from collections.abc import Callable

import pytest

from reviews_app.models.review import RejectionReason, Review, ReviewAlreadyDecided, ReviewState, ReviewWithdrawn
from tests.fakes.clock import START

Move = Callable[[Review], None]


def a_review(state: ReviewState = ReviewState.PENDING, **more: bool) -> Review:
    return Review(state=state, is_repeat=more.get("is_repeat", False), is_suspect=more.get("is_suspect", False))


def publish(review: Review) -> None:
    review.publish(START)


def reject(review: Review) -> None:
    review.reject(RejectionReason.SPAM, START)


def withdraw(review: Review) -> None:
    review.withdraw(START)


@pytest.mark.parametrize(
    ("move", "state"),
    [(publish, ReviewState.PUBLISHED), (reject, ReviewState.REJECTED), (withdraw, ReviewState.WITHDRAWN)],
)
def test_a_waiting_review_goes_where_it_is_sent_and_remembers_when(move: Move, state: ReviewState) -> None:
    review = a_review()
    move(review)
    assert (review.state, review.decided_at) == (state, START)


@pytest.mark.parametrize("move", [publish, reject])
def test_deciding_the_same_twice_is_refused(move: Move) -> None:
    review = a_review()
    move(review)
    with pytest.raises(ReviewAlreadyDecided):
        move(review)


@pytest.mark.parametrize("move", [publish, reject, withdraw])
def test_nobody_decides_about_a_review_its_author_deleted(move: Move) -> None:
    review = a_review()
    withdraw(review)
    with pytest.raises(ReviewWithdrawn):
        move(review)


def test_publishing_after_all_forgets_why_it_was_taken_down() -> None:
    review = a_review()
    reject(review)
    publish(review)
    assert (review.state, review.rejection_reason) == (ReviewState.PUBLISHED, None)


@pytest.mark.parametrize(
    ("review", "shows", "state"),
    [
        (a_review(ReviewState.PUBLISHED), True, ReviewState.PUBLISHED),
        (a_review(ReviewState.PUBLISHED), False, ReviewState.PENDING),
        (a_review(ReviewState.REJECTED), True, ReviewState.PENDING),
        (a_review(ReviewState.PUBLISHED, is_repeat=True), True, ReviewState.PENDING),
        (a_review(ReviewState.PUBLISHED, is_suspect=True), True, ReviewState.PENDING),
    ],
    ids=["at once", "held", "rejected before", "a second voice", "suspect"],
)
def test_what_its_author_changed_shows_again_or_waits(review: Review, *, shows: bool, state: ReviewState) -> None:
    review.edited(START, shows=shows)
    assert (review.state, review.edited_at) == (state, START)
    assert review.decided_at == (START if state is ReviewState.PUBLISHED else None)
