"""Whatever is done to reviews, in whatever order: what is rolled up equals what is counted."""

from collections import Counter
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.attribute import AttributeKind
from reviews_app.models.rating import AttributeRating, ProductRating
from reviews_app.models.review import RejectionReason, Review, ReviewAlreadyDecided, ReviewState, Source
from reviews_app.models.store import Publishing
from reviews_app.queries.product_summary import product_summary
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.services.roll_up_ratings import recount
from reviews_app.services.submit_review import Proof
from tests.factories.attribute import make_attribute
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock

CHOICES = ["Day hikes", "Commuting", "Travel"]
PEOPLE = [f"person-{number}@example.com" for number in range(4)]


class Shop(RuleBasedStateMachine):
    """A shop whose reviews come, go, come back, and are answered."""

    reviews = Bundle("reviews")
    session: Session

    @initialize()
    def open(self) -> None:
        self.session.rollback()
        self.clock = FakeClock()
        self.store = make_store(self.session, f"shop-{new_id().hex[-10:]}")
        self.products = [make_product(self.session, self.store, handle) for handle in ("pack", "stove")]
        self.order = make_order(self.session, self.store, *self.products)
        self.uses = make_attribute(self.session, self.store, AttributeKind.MULTIPLE_CHOICE, title="Uses")
        self.fit = make_attribute(self.session, self.store, AttributeKind.CENTRED_SCALE, title="Fit", position=1)
        self.words = make_attribute(self.session, self.store, AttributeKind.SHORT_TEXT, title="Height", position=2)

    @rule(
        target=reviews,
        place=st.integers(0, 1),
        rating=st.integers(1, 5),
        recommended=st.sampled_from([True, False, None]),
        person=st.sampled_from(PEOPLE),
        uses=st.lists(st.sampled_from(CHOICES), unique=True),
        fit=st.sampled_from([None, -2, 0, 2]),
        height=st.sampled_from(["", "180 cm", "x" * 300]),
        by_link=st.booleans(),
        form=st.integers(0, 30),
    )
    def submit(self, place: int, person: str, form: int, **typed: Any) -> Any:
        answers = [AnswerDraft(self.uses.id, typed["uses"])] if typed["uses"] else []
        if typed["fit"] is not None:
            answers.append(AnswerDraft(self.fit.id, typed["fit"]))
        if typed["height"]:
            answers.append(AnswerDraft(self.words.id, typed["height"]))
        known = len(self.all())
        review = leave_review(
            self.session,
            self.store,
            self.products[place],
            source=Source.REVIEW_REQUEST_EMAIL if typed["by_link"] else Source.WRITE_REVIEW_BUTTON,
            proof=Proof(self.order) if typed["by_link"] else None,
            clock=self.clock,
            rating=typed["rating"],
            is_recommended=typed["recommended"],
            email=person,
            form_id=f"form {form}",
            answers=tuple(answers),
        )
        return multiple() if len(self.all()) == known else review

    @rule(review=reviews)
    def publish(self, review: Review) -> None:
        shown = review.state is ReviewState.PUBLISHED
        try:
            publish_review(self.session, review, clock=self.clock)
        except ReviewAlreadyDecided:
            assert shown
        else:
            assert not shown

    @rule(review=reviews, reason=st.sampled_from(RejectionReason))
    def reject(self, review: Review, reason: RejectionReason) -> None:
        gone = review.state is ReviewState.REJECTED
        try:
            reject_review(self.session, review, reason=reason, clock=self.clock)
        except ReviewAlreadyDecided:
            assert gone
        else:
            assert not gone

    @rule(review=reviews, body=st.sampled_from(["Thank you.", "", "Sorry to hear that."]))
    def reply(self, review: Review, body: str) -> None:
        reply_to_review(self.session, review, body=body, clock=self.clock)
        assert (review.reply.body if review.reply else "") == body

    @rule(publishing=st.sampled_from(Publishing))
    def hold_or_show(self, publishing: Publishing) -> None:
        self.store.publishing = publishing

    @rule(place=st.integers(0, 1))
    def count_anew(self, place: int) -> None:
        recount(self.session, store_id=self.store.id, product_id=self.products[place].id)

    @rule(hours=st.integers(1, 100))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    @invariant()
    def the_rating_equals_a_recount(self) -> None:
        for product in self.products:
            shown = [one for one in self.all() if one.product_id == product.id and one.state is ReviewState.PUBLISHED]
            rating = self.session.get_one(ProductRating, product.id)
            assert rating.counts == tuple(sum(one.rating == stars for one in shown) for stars in range(1, 6))
            assert rating.recommended == sum(one.is_recommended is True for one in shown)
            assert rating.not_recommended == sum(one.is_recommended is False for one in shown)
            assert rating.verified == sum(one.is_verified for one in shown)
            assert rating.with_media == 0
            assert self.answers_counted(product.id) == answers_of(shown)

    @invariant()
    def the_summary_says_what_shows(self) -> None:
        for product in self.products:
            stars = [
                one.rating for one in self.all() if one.product_id == product.id and one.state is ReviewState.PUBLISHED
            ]
            summary = product_summary(self.session, product)
            assert (summary is None) == (not stars)
            if summary is not None:
                assert (summary.total, summary.exact_average) == (len(stars), sum(stars) / len(stars))
                assert all(0 <= scale.share <= 1 for scale in summary.scales)

    @invariant()
    def only_a_decided_review_has_a_moment_and_only_a_rejected_one_a_reason(self) -> None:
        for one in self.all():
            assert (one.decided_at is None) == (one.state is ReviewState.PENDING)
            assert (one.rejection_reason is not None) == (one.state is ReviewState.REJECTED)

    @invariant()
    def by_the_button_one_person_shows_at_once_only_once(self) -> None:
        first_seen: set[tuple[UUID, str]] = set()
        for one in self.all():
            voice = (one.product_id, one.email_key)
            if one.source is Source.WRITE_REVIEW_BUTTON:
                assert one.is_repeat == (voice in first_seen)
            first_seen.add(voice)

    def all(self) -> list[Review]:
        mine = select(Review).where(Review.store_id == self.store.id).order_by(Review.id)
        return list(self.session.scalars(mine))

    def answers_counted(self, product_id: UUID) -> Counter[tuple[UUID, str]]:
        rows = self.session.scalars(select(AttributeRating).where(AttributeRating.product_id == product_id))
        return Counter({(row.attribute_id, row.answer): row.count for row in rows if row.count})

    def teardown(self) -> None:
        self.session.rollback()


def answers_of(reviews: list[Review]) -> Counter[tuple[UUID, str]]:
    counted: Counter[tuple[UUID, str]] = Counter()
    for review in reviews:
        for answer in review.answers:
            values = answer.value if isinstance(answer.value, list) else [answer.value]
            counted.update((answer.attribute_id, str(value)[:200]) for value in values)
    return counted


def test_the_rolled_up_ratings_always_equal_a_recount(session: Session) -> None:
    class Here(Shop):
        pass

    Here.session = session
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
