"""The moves a review can make, told by the noun itself."""

from collections.abc import Callable

import pytest

from reviews_app.lib.ids import new_id
from reviews_app.models.media import Media, MediaState
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


@pytest.mark.parametrize("shows", [True, False])
def test_words_that_come_after_a_review_was_deleted_do_not_bring_it_back(*, shows: bool) -> None:
    review = a_review()
    withdraw(review)
    with pytest.raises(ReviewWithdrawn):
        review.edited(START, shows=shows)
    assert (review.state, review.edited_at) == (ReviewState.WITHDRAWN, None)


def test_a_changed_review_forgets_why_it_was_taken_down() -> None:
    review = a_review()
    reject(review)
    review.edited(START, shows=True)
    assert (review.state, review.rejection_reason, review.decided_at) == (ReviewState.PENDING, None, None)


@pytest.mark.parametrize("state", [ReviewState.PENDING, ReviewState.REJECTED, ReviewState.WITHDRAWN])
def test_disowning_a_review_that_does_not_show_changes_nothing(state: ReviewState) -> None:
    review = a_review(state)
    review.disown(START)
    assert review.state is state


def test_a_disowned_review_leaves_the_page_and_is_undecided_again() -> None:
    review = a_review()
    publish(review)
    review.disown(START)
    assert (review.state, review.decided_at) == (ReviewState.PENDING, None)


@pytest.mark.parametrize("state", ReviewState)
def test_a_proven_review_has_its_order_and_stays_where_it_stands(state: ReviewState) -> None:
    review, order_id = a_review(state), new_id()
    review.prove(order_id, is_repeat=False)
    assert (review.order_id, review.is_verified, review.is_repeat, review.state) == (order_id, True, False, state)


@pytest.mark.parametrize("state", ReviewState)
def test_a_second_voice_that_shows_waits_and_one_that_does_not_stays(state: ReviewState) -> None:
    review = a_review(state)
    review.prove(new_id(), is_repeat=True)
    stays = ReviewState.PENDING if state is ReviewState.PUBLISHED else state
    assert (review.is_repeat, review.state) == (True, stays)


def test_a_second_voice_stays_one_when_it_is_proven_again() -> None:
    review = a_review(is_repeat=True)
    review.prove(new_id(), is_repeat=False)
    assert review.is_repeat


@pytest.mark.parametrize(
    ("media", "shows"),
    [
        ([], False),
        ([Media(state=MediaState.READY, is_hidden=False)], True),
        ([Media(state=MediaState.UPLOADED, is_hidden=False)], True),
        ([Media(state=MediaState.FAILED, is_hidden=False)], False),
        ([Media(state=MediaState.READY, is_hidden=True)], False),
        ([Media(state=MediaState.FAILED, is_hidden=False), Media(state=MediaState.READY, is_hidden=False)], True),
    ],
    ids=["none", "ready", "in work", "failed", "hidden", "one failed of two"],
)
def test_a_review_shows_pictures_when_one_is_ready_or_will_be(media: list[Media], *, shows: bool) -> None:
    review = a_review()
    review.media = media
    assert review.has_shown_media is shows
