from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from reviews_app.models.attribute import AttributeKind
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.media import Media
from reviews_app.models.rating import AttributeRating, ProductRating
from reviews_app.models.review import (
    RejectionReason,
    Review,
    ReviewAnswer,
    ReviewReply,
    ReviewState,
    ReviewWithdrawn,
    Sentiment,
)
from reviews_app.models.review_request import LinkExpired, LinkUsed
from reviews_app.models.review_version import ReviewVersion
from reviews_app.models.store import Publishing
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.order_to_review import Standing
from reviews_app.queries.review_history import review_history
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.services.roll_up_ratings import recount
from reviews_app.services.send_past_reviews import send_past_reviews
from tests.factories.attribute import make_attribute
from tests.factories.bought import Bought, make_bought
from tests.factories.destination import make_destination
from tests.factories.order import make_order
from tests.factories.review_request import make_link
from tests.fakes.clock import FakeClock


@pytest.fixture
def bought(session: Session, app: Flask) -> Bought:
    return make_bought(session, app.extensions["tools"])


def counts(bought: Bought) -> tuple[Any, ...]:
    rating = bought.session.get(ProductRating, bought.pack.id, populate_existing=True)
    assert rating is not None
    answered = select(AttributeRating.answer, AttributeRating.count).where(AttributeRating.count != 0)
    rows = sorted(tuple(row) for row in bought.session.execute(answered))
    return rating.counts, rating.recommended, rating.not_recommended, rating.verified, rating.with_media, rows


def recounted(bought: Bought) -> tuple[Any, ...]:
    recount(bought.session, store_id=bought.store.id, product_id=bought.pack.id)
    bought.session.flush()
    return counts(bought)


def staged(bought: Bought, form_id: str, name: str) -> Media:
    now = bought.tools.clock()
    row = Media(store_id=bought.store.id, form_id=form_id, name=name, byte_count=1, created_at=now, enqueued_at=now)
    bought.session.add(row)
    bought.session.flush()
    return row


def versions(bought: Bought, review: Review) -> list[ReviewVersion]:
    return list(review_history(bought.session, bought.store, review).versions)


def test_an_edit_keeps_id_date_badge_and_order_and_says_that_it_was_edited(bought: Bought, clock: FakeClock) -> None:
    review = bought.review(bought.pack)
    kept = (review.id, review.created_at, review.is_verified, review.order_id, review.form_id, review.source)
    clock.advance(days=3)
    assert bought.edit(bought.pack, rating=2, body="A strap tore.", title="Less good", is_recommended=False)
    bought.session.refresh(review)
    assert kept == (
        review.id,
        review.created_at,
        review.is_verified,
        review.order_id,
        review.form_id,
        review.source,
    )
    assert (review.rating, review.body, review.title) == (2, "A strap tore.", "Less good")
    assert (review.sentiment, review.edited_at, review.state) == (
        Sentiment.NEGATIVE,
        clock(),
        ReviewState.PUBLISHED,
    )


def test_the_earlier_words_are_kept_for_the_merchant(bought: Bought, clock: FakeClock) -> None:
    question = make_attribute(bought.session, bought.store, title="Used for")
    review = bought.review(bought.pack, answers=(AnswerDraft(question.id, "Travel"),))
    first = clock()
    second = clock.advance(days=1)
    bought.edit(bought.pack, rating=2, body="Second words")
    third = clock.advance(days=1)
    bought.edit(bought.pack, rating=1, body="Third words")
    told = [(one.rating, one.body[:6], one.written_at, one.replaced_at) for one in versions(bought, review)]
    assert told == [(2, "Second", second, third), (4, "I have", first, second)]
    assert [one.answers for one in versions(bought, review)] == [[], [["Used for", "Travel"]]]


def test_the_same_words_again_change_nothing(bought: Bought) -> None:
    review = bought.review(bought.pack)
    assert not bought.edit(bought.pack)
    assert (review.edited_at, versions(bought, review)) == (None, [])


@pytest.mark.parametrize(
    "change",
    [
        {"rating": 5},
        {"title": ""},
        {"is_recommended": None},
        {"name": "Morgan Read"},
        {"display_name": "Mo"},
        {"country_code": None},
    ],
)
def test_whatever_is_changed_is_an_edit(bought: Bought, change: dict[str, Any]) -> None:
    review = bought.review(bought.pack)
    assert bought.edit(bought.pack, **change)
    assert len(versions(bought, review)) == 1


def test_counts_follow_every_edit(bought: Bought) -> None:
    question = make_attribute(bought.session, bought.store, AttributeKind.MULTIPLE_CHOICE, title="Used for")
    bought.review(bought.pack, answers=(AnswerDraft(question.id, ["Travel"]),))
    for changes in (
        {"rating": 1, "answers": (AnswerDraft(question.id, ["Day hikes", "Travel"]),)},
        {"rating": 5, "is_recommended": False},
        {"rating": 3, "answers": (AnswerDraft(question.id, ["Commuting"]),)},
    ):
        bought.edit(bought.pack, **changes)
        now = counts(bought)
        assert now == recounted(bought)
        assert sum(now[0]) == 1
    assert counts(bought)[0] == (0, 0, 1, 0, 0)


def test_an_edit_waits_where_the_store_reads_everything(bought: Bought) -> None:
    review = bought.review(bought.pack)
    bought.store.publishing = Publishing.HOLD_ALL
    bought.edit(bought.pack, body="New words")
    assert (review.state, counts(bought)[0]) == (ReviewState.PENDING, (0, 0, 0, 0, 0))
    publish_review(bought.session, review, clock=bought.tools.clock)
    assert counts(bought)[0] == (0, 0, 0, 1, 0)


def test_a_waiting_review_shows_after_an_edit_where_the_store_publishes_at_once(bought: Bought) -> None:
    bought.store.publishing = Publishing.HOLD_ALL
    review = bought.review(bought.pack)
    bought.store.publishing = Publishing.AT_ONCE
    bought.edit(bought.pack, body="New words")
    assert (review.state, counts(bought)[0]) == (ReviewState.PUBLISHED, (0, 0, 0, 1, 0))


def test_a_rejected_review_waits_for_the_merchant_after_an_edit(bought: Bought) -> None:
    review = bought.review(bought.pack)
    reject_review(bought.session, review, reason=RejectionReason.PERSONAL_DATA, clock=bought.tools.clock)
    bought.edit(bought.pack, body="Without the address")
    assert (review.state, review.rejection_reason, counts(bought)[0]) == (ReviewState.PENDING, None, (0, 0, 0, 0, 0))


def test_an_edit_sends_no_second_event(bought: Bought) -> None:
    make_destination(bought.session, bought.store)
    review = bought.review(bought.pack)
    before = bought.session.scalars(select(Delivery.id)).all()
    bought.edit(bought.pack, rating=1, body="New words")
    assert bought.session.scalars(select(Delivery.id)).all() == before
    assert review.kustomer_due


def test_pictures_come_and_go_with_an_edit(bought: Bought) -> None:
    first = staged(bought, "first-form", "a" * 22)
    review = bought.review(bought.pack, form_id="first-form")
    assert [one.id for one in review.media] == [first.id]
    second = staged(bought, "second-form", "b" * 22)
    assert bought.edit(bought.pack, form_id="second-form", dropped=frozenset({first.id}))
    assert ([one.id for one in review.media], review.has_media) == ([second.id], True)
    assert bought.edit(bought.pack, dropped=frozenset({second.id}))
    assert (review.media, review.has_media, first.review_id) == ([], False, None)
    assert counts(bought) == recounted(bought)
    assert review.edited_at is not None


def test_a_picture_let_go_is_taken_up_by_no_form(bought: Bought) -> None:
    picture = staged(bought, "first-form", "a" * 22)
    bought.review(bought.pack, form_id="first-form")
    bought.edit(bought.pack, dropped=frozenset({picture.id}))
    other = bought.review(bought.stove, form_id="another-form")
    bought.edit(bought.pack, form_id="first-form", body="New words")
    assert (other.media, picture.review_id) == ([], None)


def test_a_foreign_picture_cannot_be_taken_away(bought: Bought) -> None:
    picture = staged(bought, "stove-form", "a" * 22)
    stove = bought.review(bought.stove, form_id="stove-form")
    bought.review(bought.pack)
    assert not bought.edit(bought.pack, dropped=frozenset({picture.id}))
    assert [one.id for one in stove.media] == [picture.id]


def test_only_what_was_left_can_be_edited_or_deleted(bought: Bought) -> None:
    with pytest.raises(NotFound):
        bought.edit(bought.pack)
    with pytest.raises(NotFound):
        bought.withdraw(bought.pack)


def test_somebody_elses_link_reaches_no_review_of_mine(bought: Bought) -> None:
    bought.review(bought.pack)
    other = make_order(bought.session, bought.store, bought.pack, email="kim@example.com", number="#1300")
    bought.request, _ = make_link(bought.session, other, store=bought.store, tools=bought.tools)
    with pytest.raises(NotFound):
        bought.edit(bought.pack, body="Not yours")
    with pytest.raises(NotFound):
        bought.withdraw(bought.pack)


def test_own_words_can_be_changed_until_the_link_runs_out(bought: Bought, clock: FakeClock) -> None:
    bought.review(bought.pack)
    clock.now = bought.request.expires_at - timedelta(seconds=1)
    assert bought.edit(bought.pack, body="Just in time")
    clock.advance(seconds=1)
    for act in (lambda: bought.edit(bought.pack, body="Late"), lambda: bought.withdraw(bought.pack)):
        with pytest.raises(LinkExpired):
            act()


def test_a_deleted_review_leaves_no_word_behind(bought: Bought) -> None:
    question = make_attribute(bought.session, bought.store, title="Used for")
    picture = staged(bought, "first-form", "a" * 22)
    review = bought.review(bought.pack, form_id="first-form", answers=(AnswerDraft(question.id, "Travel"),))
    bought.edit(bought.pack, body="Second words")
    reply_to_review(bought.session, review, body="Thank you, Morgan", clock=bought.tools.clock)
    bought.withdraw(bought.pack)
    bought.session.refresh(review)
    texts = (review.title, review.body, review.name, review.display_name, review.email, review.email_key)
    assert (set(texts), review.country_code, review.state) == ({""}, None, ReviewState.WITHDRAWN)
    for table in (ReviewAnswer, ReviewReply, ReviewVersion):
        assert bought.session.scalar(select(func.count()).select_from(table)) == 0
    assert (picture.review_id, review.media) == (None, [])


def test_a_deleted_review_counts_nowhere(bought: Bought) -> None:
    bought.review(bought.pack)
    bought.withdraw(bought.pack)
    assert counts(bought) == recounted(bought)
    assert counts(bought)[0] == (0, 0, 0, 0, 0)


def test_the_link_takes_no_other_review_after_a_deletion(bought: Bought) -> None:
    bought.review(bought.pack)
    bought.withdraw(bought.pack)
    assert bought.standings() == [Standing.WITHDRAWN, Standing.OPEN]
    with pytest.raises(LinkUsed):
        bought.review(bought.pack)
    with pytest.raises(NotFound):
        bought.withdraw(bought.pack)


def test_nobody_decides_about_a_deleted_review(bought: Bought) -> None:
    review = bought.review(bought.pack)
    bought.withdraw(bought.pack)
    with pytest.raises(ReviewWithdrawn):
        publish_review(bought.session, review, clock=bought.tools.clock)
    with pytest.raises(ReviewWithdrawn):
        reject_review(bought.session, review, reason=RejectionReason.SPAM, clock=bought.tools.clock)
    assert counts(bought)[0] == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DeliveryState.WAITING, DeliveryState.CANCELLED),
        (DeliveryState.HELD, DeliveryState.CANCELLED),
        (DeliveryState.DELIVERED, DeliveryState.DELIVERED),
        (DeliveryState.SENDING, DeliveryState.SENDING),
    ],
)
def test_what_was_not_sent_yet_is_sent_no_more(bought: Bought, before: DeliveryState, after: DeliveryState) -> None:
    destination = make_destination(bought.session, bought.store)
    bought.review(bought.pack)
    delivery = bought.session.scalars(select(Delivery)).one()
    delivery.state = before
    bought.withdraw(bought.pack)
    bought.session.refresh(delivery)
    assert delivery.state is after
    assert send_past_reviews(bought.session, destination, limit=10, clock=bought.tools.clock) == 0


def test_words_that_cross_a_deletion_bring_nothing_back(bought: Bought) -> None:
    review = bought.review(bought.pack)
    bought.session.flush()
    # Deleted by the link of another order, after this one had looked and before it had its turn.
    gone = update(Review).where(Review.id == review.id).values(state=ReviewState.WITHDRAWN)
    bought.session.connection().execute(gone)
    with pytest.raises(NotFound):
        bought.edit(bought.pack, body="Still here after all of three months, and not a stitch is loose.")
    assert bought.session.scalars(select(Review.state)).all() == [ReviewState.WITHDRAWN]
