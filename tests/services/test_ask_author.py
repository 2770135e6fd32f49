import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.db.database import session as reading
from reviews_app.db.database import transaction
from reviews_app.lib.tokens import token_hash
from reviews_app.models.coupon import CouponCode
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.product import Product
from reviews_app.models.rating import ProductRating
from reviews_app.models.review import Review, ReviewState, ReviewWithdrawn
from reviews_app.models.review_confirmation import (
    Authorship,
    ConfirmationAnswered,
    ConfirmationExpired,
    ReviewConfirmation,
)
from reviews_app.models.reward import Reward, RewardState
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store
from reviews_app.models.suppression import SuppressionReason
from reviews_app.queries.find_confirmation import find_confirmation
from reviews_app.queries.not_found import NotFound
from reviews_app.services.answer_confirmation import answer_confirmation
from reviews_app.services.ask_author import ask_authors
from reviews_app.services.erase_person import erase_person
from reviews_app.services.roll_up_ratings import recount
from reviews_app.services.submit_by_button import submit_by_button
from reviews_app.services.submit_by_link import LinkedProduct, submit_by_link
from reviews_app.services.suppress_address import lift_suppression, suppress_address
from reviews_app.services.tools import Tools
from reviews_app.services.withdraw_review import withdraw_review
from tests.factories.member import make_member
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import make_draft
from tests.factories.review_request import make_link
from tests.factories.reward import make_coupon, make_terms, reward_of
from tests.factories.store import make_store
from tests.fakes.broken_addresses import with_broken_addresses
from tests.fakes.clock import FakeClock
from tests.fakes.mailbox import mails_to, text_of
from tests.fakes.two_people import two_at_once

BUYER = "morgan@example.com"


@dataclass
class Shop:
    """A store with a product, its buyer's order, and a coupon for reviews that nobody is offered yet."""

    session: Session
    tools: Tools
    store: Store
    product: Product
    order: Order
    terms: RewardTerms

    def leave(self, *, offer: bool = False, **changes: Any) -> Review:
        terms = self.terms if offer else None
        draft = make_draft(**changes)
        return submit_by_button(
            self.session, draft, store=self.store, product=self.product, terms=terms, tools=self.tools
        )

    def asked(self, review: Review) -> ReviewConfirmation | None:
        return self.session.scalar(select(ReviewConfirmation).where(ReviewConfirmation.review_id == review.id))

    def answer(self, review: Review, answer: Authorship) -> None:
        asked = self.asked(review)
        assert asked is not None
        answer_confirmation(self.session, asked, answer, tools=self.tools)

    def state(self, review: Review) -> RewardState | None:
        reward = reward_of(self.session, review)
        return reward.state if reward else None

    def mails(self, kind: MailKind) -> int:
        found = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.kind == kind)
        return self.session.scalar(found) or 0

    def counts(self) -> tuple[int, int]:
        rating = self.session.get(ProductRating, self.product.id, populate_existing=True)
        assert rating is not None
        return rating.total, rating.verified


def make_shop(session: Session, tools: Tools) -> Shop:
    store = make_store(session)
    make_member(session, store)
    product = make_product(session, store)
    order = make_order(session, store, product)
    coupon = make_coupon(session, store, "CODE-ONE-1111", "CODE-TWO-2222", "CODE-SIX-6666", tools=tools)
    return Shop(session, tools, store, product, order, make_terms(session, store, coupon, tools=tools))


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def shop(session: Session, tools: Tools) -> Shop:
    return make_shop(session, tools)


def test_a_buyers_address_is_asked_once(shop: Shop) -> None:
    review = shop.leave(form_id="one")
    shop.leave(form_id="one")
    asked = shop.asked(review)
    assert asked is not None
    assert (asked.order_id, asked.answer, shop.mails(MailKind.CONFIRMATION)) == (shop.order.id, None, 1)
    assert not review.is_verified


def test_the_mail_holds_a_link_whose_token_only_it_knows(shop: Shop) -> None:
    review = shop.leave()
    mail = mails_to(shop.session, shop.tools, BUYER)[-1]
    found = re.search(r"http://shop\.test/confirm/([\w-]{22})\b", text_of(mail))
    assert found is not None
    asked = shop.asked(review)
    assert asked is not None
    assert asked.token_hash == token_hash(found.group(1))
    assert find_confirmation(shop.session, found.group(1)).asked.id == asked.id
    assert found.group(1) in text_of(mail, "html")


def test_a_question_that_cannot_be_written_costs_no_review(shop: Shop) -> None:
    shop.tools = with_broken_addresses(usual := shop.tools)
    review = shop.leave(offer=True)
    assert (review.state, shop.asked(review)) == (ReviewState.PUBLISHED, None)
    assert (shop.state(review), shop.mails(MailKind.CONFIRMATION)) == (RewardState.UNCONFIRMED, 0)
    assert ask_authors(shop.session, tools=usual) == 1


def test_a_product_named_with_what_no_mail_may_hold_is_asked_about(shop: Shop) -> None:
    shop.product.title = "Ridge\ufffe Daypack"
    assert shop.asked(shop.leave()) is not None
    assert "Ridge Daypack" in text_of(mails_to(shop.session, shop.tools, BUYER)[-1], "html")


def test_nothing_a_stranger_typed_is_mailed(shop: Shop) -> None:
    shop.leave(title="Buy pills", body="http://evil.example", name="Evil Person", display_name="evil.example")
    mail = mails_to(shop.session, shop.tools, BUYER)[-1]
    assert not re.search("pills|evil", f"{mail['Subject']} {text_of(mail)} {text_of(mail, 'html')}", re.I)


def test_somebody_who_bought_nothing_and_was_promised_nothing_is_not_asked(shop: Shop) -> None:
    assert shop.asked(shop.leave(email="stranger@example.com")) is None
    assert shop.mails(MailKind.CONFIRMATION) == 0


def test_a_promised_reward_alone_is_worth_the_question(shop: Shop) -> None:
    review = shop.leave(email="stranger@example.com", offer=True)
    asked = shop.asked(review)
    assert asked is not None
    assert asked.order_id is None
    shop.answer(review, Authorship.MINE)
    assert (review.is_verified, shop.state(review), shop.counts()) == (False, RewardState.SENT, (1, 0))


def test_yes_gives_badge_and_code(shop: Shop) -> None:
    review = shop.leave(offer=True)
    assert shop.state(review) is RewardState.UNCONFIRMED
    shop.answer(review, Authorship.MINE)
    assert (review.is_verified, review.order_id, shop.counts()) == (True, shop.order.id, (1, 1))
    assert shop.state(review) is RewardState.SENT
    assert "CODE-ONE-1111" in text_of(mails_to(shop.session, shop.tools, BUYER)[-1])


def test_yes_twice_is_yes_once(shop: Shop) -> None:
    review = shop.leave(offer=True)
    for _ in range(3):
        shop.answer(review, Authorship.MINE)
    assert (shop.mails(MailKind.REWARD), shop.counts()) == (1, (1, 1))


def test_a_line_that_was_given_back_earns_no_badge(shop: Shop) -> None:
    review = shop.leave()
    shop.order.lines[0].refunded_quantity = 1
    shop.answer(review, Authorship.MINE)
    assert (review.is_verified, shop.counts()) == (False, (1, 0))


def test_no_takes_the_review_off_the_page_and_tells_the_merchant(shop: Shop) -> None:
    review = shop.leave(offer=True)
    for _ in range(2):
        shop.answer(review, Authorship.NOT_MINE)
    assert (review.state, review.is_verified, shop.counts()) == (ReviewState.PENDING, False, (0, 0))
    assert shop.state(review) is RewardState.CANCELLED
    told = mails_to(shop.session, shop.tools, "merchant@example.com")
    assert [mail["Subject"] for mail in told] == ["A review of Ridge Daypack is not its address’s owner’s"]
    assert f"/reviews/{review.id}" in text_of(told[0])


def test_the_first_answer_stands(shop: Shop) -> None:
    review = shop.leave(offer=True)
    shop.answer(review, Authorship.NOT_MINE)
    with pytest.raises(ConfirmationAnswered):
        shop.answer(review, Authorship.MINE)
    assert (review.state, shop.mails(MailKind.REWARD)) == (ReviewState.PENDING, 0)


def test_an_answer_that_comes_too_late_changes_nothing(shop: Shop, clock: FakeClock) -> None:
    review = shop.leave(offer=True)
    clock.advance(days=30)
    with pytest.raises(ConfirmationExpired):
        shop.answer(review, Authorship.NOT_MINE)
    assert review.state is ReviewState.PUBLISHED
    clock.advance(days=-1)
    shop.answer(review, Authorship.MINE)
    assert review.is_verified


def test_a_deleted_review_has_nothing_to_answer(shop: Shop) -> None:
    review = shop.leave()
    withdraw_review(shop.session, review, clock=shop.tools.clock)
    with pytest.raises(ReviewWithdrawn):
        shop.answer(review, Authorship.MINE)


def test_an_erased_person_is_asked_no_more(shop: Shop) -> None:
    review = shop.leave(offer=True)
    text = text_of(mails_to(shop.session, shop.tools, BUYER)[-1])
    found = re.search(r"/confirm/([\w-]{22})", text)
    assert found is not None
    erase_person(shop.session, shop.store, BUYER, clock=shop.tools.clock)
    assert shop.asked(review) is None
    with pytest.raises(NotFound):
        find_confirmation(shop.session, found.group(1))
    assert ask_authors(shop.session, tools=shop.tools) == 0


def test_one_mailbox_gets_three_questions_a_day_over_all_stores(
    session: Session, tools: Tools, clock: FakeClock
) -> None:
    shops = [make_shop(session, tools)]
    for slug in ("juniper", "alder", "sorrel"):
        store = make_store(session, slug)
        product = make_product(session, store)
        coupon = make_coupon(session, store, f"CODE-{slug}", tools=tools)
        terms = make_terms(session, store, coupon, tools=tools)
        shops.append(Shop(session, tools, store, product, shops[0].order, terms))
    reviews = [one.leave(offer=True) for one in shops for _ in range(2)]
    assert shops[0].mails(MailKind.CONFIRMATION) == 3
    assert ask_authors(session, tools=tools) == 0
    clock.advance(days=1, minutes=1)
    assert ask_authors(session, tools=tools) == 3
    assert len({review.id for review in reviews}) == 8


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_nobody_is_asked_who_wants_no_mail_of_the_store(shop: Shop, reason: SuppressionReason) -> None:
    suppress_address(shop.session, shop.store.id, BUYER, reason, clock=shop.tools.clock)
    review = shop.leave(offer=True)
    assert (shop.asked(review), ask_authors(shop.session, tools=shop.tools)) == (None, 0)


def test_mailboxes_are_asked_in_one_order_so_that_two_who_ask_never_wait_for_each_other(shop: Shop) -> None:
    addresses = [f"{letter}@example.com" for letter in "hcafbegd"]
    for address in addresses:
        suppress_address(shop.session, shop.store.id, address, SuppressionReason.BOUNCED, clock=shop.tools.clock)
        shop.leave(offer=True, email=address)
        lift_suppression(shop.session, shop.store.id, address, SuppressionReason.BOUNCED)
    assert ask_authors(shop.session, tools=shop.tools) == len(addresses)
    assert [str(mail["To"]) for mail in mails_to(shop.session, shop.tools)] == sorted(addresses)


@pytest.mark.parametrize("spelled", ["Morgan@Example.com", "MORGAN@EXAMPLE.COM", "morgan@example.com"])
def test_mails_to_another_spelling_of_the_mailbox_count_too(shop: Shop, spelled: str) -> None:
    for number in range(3):
        order = make_order(shop.session, shop.store, shop.product, email=spelled, number=f"#{number}")
        order.customer.email = spelled
        make_link(shop.session, order, store=shop.store, tools=shop.tools)
    assert shop.asked(shop.leave(email="MORGAN@example.com")) is None
    assert shop.mails(MailKind.CONFIRMATION) == 0


def test_two_reviews_at_the_same_moment_bring_no_fourth_mail(app: Flask, tools: Tools) -> None:
    with app.app_context(), transaction() as writing:
        shops = [make_shop(writing, tools)]
        for slug in ("juniper", "alder", "sorrel"):
            store = make_store(writing, slug)
            coupon = make_coupon(writing, store, f"CODE-{slug}", tools=tools)
            terms = make_terms(writing, store, coupon, tools=tools)
            shops.append(Shop(writing, tools, store, make_product(writing, store), shops[0].order, terms))
        for one in shops[:2]:
            one.leave(offer=True)
        found = [(one.store.id, one.product.id, one.terms.id) for one in shops]

    def leave(place: int) -> Callable[[Session], Any]:
        def act(session: Session) -> Any:
            store_id, product_id, terms_id = found[place]
            return submit_by_button(
                session,
                make_draft(),
                store=session.get_one(Store, store_id),
                product=session.get_one(Product, product_id),
                terms=session.get_one(RewardTerms, terms_id),
                tools=tools,
            ).id

        return act

    assert not isinstance(two_at_once(app, leave(2), leave(3)), Exception)
    with app.app_context():
        asked = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.kind == MailKind.CONFIRMATION)
        assert reading().scalar(asked) == 3


def test_a_yes_after_the_link_was_used_counts_no_second_voice(shop: Shop) -> None:
    by_button = shop.leave()
    request, _ = make_link(shop.session, shop.order, store=shop.store, tools=shop.tools)
    linked = LinkedProduct(request, shop.product.id)
    submit_by_link(shop.session, make_draft(), linked=linked, store=shop.store, tools=shop.tools)
    shop.answer(by_button, Authorship.MINE)
    assert (by_button.state, by_button.is_repeat, shop.counts()) == (ReviewState.PENDING, True, (1, 1))


def test_one_order_gives_one_code_by_whatever_door(shop: Shop) -> None:
    request, _ = make_link(shop.session, shop.order, store=shop.store, tools=shop.tools)
    by_button = shop.leave(offer=True)
    linked = LinkedProduct(request, shop.product.id)
    submit_by_link(shop.session, make_draft(), linked=linked, store=shop.store, tools=shop.tools)
    shop.answer(by_button, Authorship.MINE)
    assert (shop.state(by_button), shop.mails(MailKind.REWARD)) == (RewardState.GIVEN_BEFORE, 1)


def test_a_person_without_an_order_gets_one_code(shop: Shop) -> None:
    first = shop.leave(email="stranger@example.com", offer=True)
    second = shop.leave(email=" Stranger@Example.com", offer=True)
    for review in (first, second):
        shop.answer(review, Authorship.MINE)
    assert (shop.state(first), shop.state(second)) == (RewardState.SENT, RewardState.GIVEN_BEFORE)


def test_counts_equal_a_recount_after_every_answer(shop: Shop) -> None:
    reviews = [shop.leave(email=f"p{place}@example.com", offer=True, rating=place + 1) for place in range(3)]
    reviews.append(shop.leave(rating=5))
    for review, answer in zip(reviews, (Authorship.MINE, Authorship.NOT_MINE, Authorship.MINE) * 2, strict=False):
        shop.answer(review, answer)
        shown = shop.counts()
        recount(shop.session, store_id=shop.store.id, product_id=shop.product.id)
        shop.session.flush()
        assert shop.counts() == shown


def answering(review_of: Callable[[Session], Review], tools: Tools, answer: Authorship) -> Callable[[Session], Any]:
    def act(session: Session) -> Any:
        asked = session.scalars(
            select(ReviewConfirmation).where(ReviewConfirmation.review_id == review_of(session).id)
        ).one()
        return answer_confirmation(session, asked, answer, tools=tools)

    return act


def the_review(session: Session) -> Review:
    return session.scalars(select(Review)).one()


@pytest.mark.parametrize("second", list(Authorship))
def test_two_answers_at_the_same_moment_are_one(app: Flask, tools: Tools, second: Authorship) -> None:
    with app.app_context(), transaction() as writing:
        make_shop(writing, tools).leave(offer=True)
    came = two_at_once(app, answering(the_review, tools, Authorship.MINE), answering(the_review, tools, second))
    assert isinstance(came, ConfirmationAnswered) is (second is Authorship.NOT_MINE)
    with app.app_context():
        assert [one.state for one in reading().scalars(select(Reward))] == [RewardState.SENT]
        given = select(func.count()).select_from(CouponCode).where(CouponCode.given_at.is_not(None))
        assert reading().scalar(given) == 1
