from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.models.attribute import AttributeKind
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.rating import ProductRating
from reviews_app.models.review import Review, ReviewState, Sentiment, Source
from reviews_app.models.store import Publishing
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.services.submit_review import Proof, sentiment_of
from tests.factories.attribute import make_attribute
from tests.factories.destination import make_destination
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store


def test_a_review_is_saved_published_and_counted(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    review = leave_review(session, store, product, rating=4)
    rating = session.get(ProductRating, product.id)
    assert rating is not None
    assert review.state is ReviewState.PUBLISHED
    assert (rating.counts, rating.recommended) == ((0, 0, 0, 1, 0), 1)
    assert review.display_name == "Morgan R."


def test_a_store_that_holds_all_counts_nothing_until_it_publishes(session: Session) -> None:
    store = make_store(session, publishing=Publishing.HOLD_ALL)
    product = make_product(session, store)
    review = leave_review(session, store, product)
    rating = session.get(ProductRating, product.id)
    assert rating is not None
    assert (review.state, rating.total) == (ReviewState.PENDING, 0)


def test_a_form_sent_twice_is_one_review(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    first = leave_review(session, store, product, form_id="same")
    again = leave_review(session, store, product, form_id="same", body="Sent again")
    assert again.id == first.id
    assert session.scalar(select(func.count()).select_from(Review)) == 1


def test_a_second_review_from_one_address_waits_and_counts_nothing(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    leave_review(session, store, product, email="Morgan@Example.com")
    second = leave_review(session, store, product, email=" morgan@example.com ")
    rating = session.get(ProductRating, product.id)
    assert rating is not None
    assert (second.state, second.is_repeat, rating.total) == (ReviewState.PENDING, True, 1)


def test_only_an_order_earns_the_badge(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    order = make_order(session, store, product)
    by_link = leave_review(session, store, product, source=Source.REVIEW_REQUEST_EMAIL, proof=Proof(order))
    by_button = leave_review(session, store, product, email=order.customer.email)
    assert (by_link.is_verified, by_link.order_id) == (True, order.id)
    assert not by_button.is_verified


def test_a_review_is_due_to_kustomer_in_the_same_transaction(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    make_destination(session, store)
    review = leave_review(session, store, product)
    delivery = session.scalar(select(Delivery))
    assert delivery is not None
    assert (delivery.review_id, delivery.state, review.kustomer_due) == (review.id, DeliveryState.WAITING, True)


def test_without_an_integration_nothing_is_due(session: Session) -> None:
    store = make_store(session)
    review = leave_review(session, store, make_product(session, store))
    assert not review.kustomer_due
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_answers_keep_the_forms_order_and_the_stores_wording(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    second = make_attribute(session, store, AttributeKind.CENTRED_SCALE, title="Fit", position=2)
    first = make_attribute(session, store, AttributeKind.MULTIPLE_CHOICE, title="Used for", position=1)
    drafts = (AnswerDraft(second.id, -1), AnswerDraft(first.id, ["Day hikes", "Travel"]))
    review = leave_review(session, store, product, answers=drafts)
    assert [(answer.title, answer.value, answer.shown) for answer in review.answers] == [
        ("Used for", ["Day hikes", "Travel"], "Day hikes, Travel"),
        ("Fit", -1, "Slightly runs small"),
    ]


def test_the_language_is_read_from_the_words(session: Session) -> None:
    store = make_store(session)
    product = make_product(session, store)
    review = leave_review(session, store, product, body="Der Rucksack sitzt sehr gut und ist wirklich wasserdicht.")
    assert review.language_code == "de"


def test_sentiment_follows_stars_and_recommendation() -> None:
    assert sentiment_of(5, is_recommended=True) is Sentiment.POSITIVE
    assert sentiment_of(3, is_recommended=None) is Sentiment.NEUTRAL
    assert sentiment_of(1, is_recommended=None) is Sentiment.NEGATIVE
    assert sentiment_of(4, is_recommended=False) is Sentiment.MIXED
    assert sentiment_of(2, is_recommended=True) is Sentiment.MIXED
