import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.customer import Customer
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState, Trigger
from reviews_app.models.media import Media
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.product import Product
from reviews_app.models.rating import ProductRating
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.store import Store
from reviews_app.services.erase_person import Erased, erase_person
from reviews_app.services.may_mail import WhyNot, why_not
from reviews_app.services.replay_delivery import DeliveryBusy, replay_delivery
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.sweep_deliveries import sweep_deliveries
from reviews_app.services.tools import Tools
from tests.factories.destination import make_destination
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


ANN = "Ann.Lee@example.com"


@pytest.fixture
def store(session: Session) -> Store:
    made = make_store(session)
    make_destination(session, made)
    return made


@pytest.fixture
def product(session: Session, store: Store) -> Product:
    return make_product(session, store)


def leave(session: Session, store: Store, product: Product, clock: FakeClock, email: str = ANN) -> Review:
    review = leave_review(
        session, store, product, clock=clock, email=email, name="Ann Lee", title="Ann's pack", body="I am Ann of York."
    )
    session.flush()
    return review


def delivery_of(session: Session, review: Review) -> Delivery:
    return session.scalars(select(Delivery).where(Delivery.subject_id == review.id)).one()


def test_not_a_word_of_the_person_stays(session: Session, store: Store, product: Product, clock: FakeClock) -> None:
    review = leave(session, store, product, clock)
    assert erase_person(session, store, " ann.lee@EXAMPLE.com ", clock=clock) == Erased(1, 1, 0)
    session.expire_all()
    kept = f"{review.title} {review.body} {review.name} {review.display_name} {review.email} {review.email_key}"
    assert "Ann" not in kept
    assert "example.com" not in kept
    assert (review.country_code, review.state) == (None, ReviewState.REJECTED)


@pytest.mark.parametrize(
    "state", [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.HELD, DeliveryState.FAILED]
)
def test_what_was_not_sent_is_cancelled_and_its_body_blanked(
    session: Session, store: Store, product: Product, clock: FakeClock, state: DeliveryState
) -> None:
    review = leave(session, store, product, clock)
    sending = delivery_of(session, review)
    sending.state, sending.body = state, b'{"reviewerEmail":"ann.lee@example.com"}'
    session.flush()
    erase_person(session, store, ANN, clock=clock)
    session.expire_all()
    row = delivery_of(session, review)
    assert row.state is DeliveryState.CANCELLED
    assert (row.body, row.body_hash, row.lease_token) == (None, "", None)


def test_what_arrived_keeps_its_tries_without_their_answers(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    row = delivery_of(session, leave(session, store, product, clock))
    row.state, row.body, row.delivered_at = DeliveryState.DELIVERED, b"{}", clock()
    session.add(
        Attempt(store_id=store.id, delivery_id=row.id, n=1, trigger=Trigger.AUTO, started_at=clock(), answer_head="ann")
    )
    session.flush()
    assert erase_person(session, store, ANN, clock=clock).deliveries_cancelled == 0
    session.expire_all()
    assert row.body is None
    assert session.scalars(select(Attempt.answer_head)).all() == [""]


def test_nothing_erased_is_ever_sent_again(session: Session, store: Store, product: Product, clock: FakeClock) -> None:
    row = delivery_of(session, leave(session, store, product, clock))
    erase_person(session, store, ANN, clock=clock)
    clock.advance(days=1)
    assert sweep_deliveries(session, now=clock()) == 0
    with pytest.raises(DeliveryBusy):
        replay_delivery(session, row, clock=clock)


def test_ratings_no_longer_count_it(session: Session, store: Store, product: Product, clock: FakeClock) -> None:
    leave(session, store, product, clock)
    leave(session, store, product, clock, "other@example.com")
    erase_person(session, store, ANN, clock=clock)
    session.expire_all()
    rating = session.get_one(ProductRating, product.id)
    published = session.scalars(select(Review).where(Review.state == ReviewState.PUBLISHED)).all()
    assert rating.n1 + rating.n2 + rating.n3 + rating.n4 + rating.n5 == len(published)


def test_others_and_other_stores_are_left_alone(
    session: Session, store: Store, product: Product, clock: FakeClock
) -> None:
    other_person = leave(session, store, product, clock, "other@example.com")
    neighbour = make_store(session, "juniper")
    make_destination(session, neighbour)
    there = leave(session, neighbour, make_product(session, neighbour), clock)
    leave(session, store, product, clock)
    erase_person(session, store, ANN, clock=clock)
    session.expire_all()
    assert (other_person.body, there.email) == ("I am Ann of York.", ANN)
    assert delivery_of(session, there).state is DeliveryState.WAITING


def test_pictures_go_with_the_next_sweep(session: Session, store: Store, product: Product, clock: FakeClock) -> None:
    review = leave(session, store, product, clock)
    picture = Media(
        store_id=store.id,
        review_id=review.id,
        form_id=review.form_id,
        name="a" * 22,
        byte_count=9,
        original_name="ann-at-home.jpg",
        created_at=clock(),
        enqueued_at=clock(),
    )
    session.add(picture)
    session.flush()
    erase_person(session, store, ANN, clock=clock)
    session.expire_all()
    assert (picture.review_id, picture.original_name) == (None, "")
    assert (clock() - picture.created_at).days >= 1


def test_a_request_on_its_way_is_stopped_and_the_customer_forgotten(
    session: Session, store: Store, product: Product, tools: Tools
) -> None:
    order = make_order(session, store, product, email=ANN, name="Ann Lee")
    request_reviews(session, order, store=store, tools=tools)
    assert erase_person(session, store, ANN, clock=tools.clock).customers == 1
    session.expire_all()
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.state, mail.message) == (MailState.FAILED, None)
    customer = session.scalars(select(Customer)).one()
    assert (customer.email, customer.name) == ("", "")
    assert why_not(session, store=store, address=ANN, now=tools.clock()) is WhyNot.ERASED


def test_a_second_time_finds_nothing(session: Session, store: Store, product: Product, clock: FakeClock) -> None:
    leave(session, store, product, clock)
    erase_person(session, store, ANN, clock=clock)
    assert erase_person(session, store, ANN, clock=clock) == Erased(0, 0, 0)
