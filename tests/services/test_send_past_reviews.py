from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import take_rings
from reviews_app.models.delivery import Delivery, DeliveryState, Trigger
from reviews_app.models.destination import Mode
from reviews_app.models.review import RejectionReason, Review
from reviews_app.models.store import Store
from reviews_app.services.decide_review import reject_review
from reviews_app.services.send_past_reviews import send_past_reviews
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


def left_while_off(session: Session, clock: FakeClock, count: int) -> tuple[Store, list[Review]]:
    store = make_store(session)
    product = make_product(session, store)
    reviews = []
    for _ in range(count):
        reviews.append(leave_review(session, store, product, clock=clock))
        clock.advance(minutes=1)
    return store, reviews


def planned(session: Session) -> set[object]:
    return set(session.scalars(select(Delivery.review_id)))


def test_the_newest_go_out_and_the_rest_stay(session: Session, clock: FakeClock) -> None:
    store, reviews = left_while_off(session, clock, 5)
    destination = make_destination(session, store)
    assert send_past_reviews(session, destination, limit=2, clock=clock) == 2
    assert planned(session) == {reviews[3].id, reviews[4].id}
    assert [review.kustomer_due for review in reviews] == [False, False, False, True, True]


def test_asked_twice_nothing_goes_twice(session: Session, clock: FakeClock) -> None:
    store, reviews = left_while_off(session, clock, 3)
    destination = make_destination(session, store)
    assert send_past_reviews(session, destination, limit=2000, clock=clock) == 3
    assert send_past_reviews(session, destination, limit=2000, clock=clock) == 0
    assert planned(session) == {review.id for review in reviews}


def test_rejected_ones_and_other_stores_stay_here(session: Session, clock: FakeClock) -> None:
    store, reviews = left_while_off(session, clock, 2)
    reject_review(session, reviews[0], reason=RejectionReason.SPAM, clock=clock)
    other = make_store(session, "juniper")
    leave_review(session, other, make_product(session, other), clock=clock)
    assert send_past_reviews(session, make_destination(session, store), limit=2000, clock=clock) == 1
    assert planned(session) == {reviews[1].id}


def test_many_ring_once_because_one_job_goes_on_with_the_rest(session: Session, clock: FakeClock) -> None:
    store, _ = left_while_off(session, clock, 6)
    destination = make_destination(session, store)
    take_rings(session)
    send_past_reviews(session, destination, limit=2000, clock=clock)
    assert len(take_rings(session)) == 1
    assert set(session.scalars(select(Delivery.trigger))) == {Trigger.BULK}


def test_a_destination_that_holds_holds_them_too(session: Session, clock: FakeClock) -> None:
    store, _ = left_while_off(session, clock, 2)
    destination = make_destination(session, store, mode=Mode.PAUSED)
    send_past_reviews(session, destination, limit=2000, clock=clock)
    assert set(session.scalars(select(Delivery.state))) == {DeliveryState.HELD}
    assert take_rings(session) == []
