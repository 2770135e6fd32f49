import pytest
from sqlalchemy.orm import Session

from reviews_app.models.rating import ProductRating
from reviews_app.models.review import RejectionReason, Review, ReviewAlreadyDecided, ReviewState
from reviews_app.models.store import Publishing
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.roll_up_ratings import recount
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


def total(session: Session, review: Review) -> int:
    rating = session.get(ProductRating, review.product_id)
    assert rating is not None
    return rating.total


def make_pending(session: Session) -> Review:
    store = make_store(session, publishing=Publishing.HOLD_ALL)
    return leave_review(session, store, make_product(session, store))


def test_publishing_counts_the_review(session: Session, clock: FakeClock) -> None:
    review = make_pending(session)
    publish_review(session, review, clock=clock)
    assert (review.state, review.decided_at, total(session, review)) == (ReviewState.PUBLISHED, clock(), 1)


def test_rejecting_a_published_review_uncounts_it_and_keeps_the_reason(session: Session, clock: FakeClock) -> None:
    review = make_pending(session)
    publish_review(session, review, clock=clock)
    reject_review(session, review, reason=RejectionReason.SPAM, clock=clock)
    assert (review.state, review.rejection_reason, total(session, review)) == (
        ReviewState.REJECTED,
        RejectionReason.SPAM,
        0,
    )


def test_rejecting_a_pending_review_uncounts_nothing(session: Session, clock: FakeClock) -> None:
    review = make_pending(session)
    reject_review(session, review, reason=RejectionReason.SPAM, clock=clock)
    assert total(session, review) == 0


def test_a_review_is_published_once(session: Session, clock: FakeClock) -> None:
    review = make_pending(session)
    publish_review(session, review, clock=clock)
    with pytest.raises(ReviewAlreadyDecided):
        publish_review(session, review, clock=clock)
    assert total(session, review) == 1


def test_a_recount_changes_nothing_that_was_right(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    product = make_product(session, store)
    for stars in (1, 3, 5, 5):
        leave_review(session, store, product, rating=stars)
    rating = session.get(ProductRating, product.id)
    assert rating is not None
    before = rating.counts
    rating.n5 = 99
    recount(session, store_id=store.id, product_id=product.id)
    assert rating.counts == before == (1, 0, 1, 0, 2)
