import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from reviews_app.db.database import session, transaction
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.review_confirmation import ReviewConfirmation
from reviews_app.services.ask_author import LASTS
from reviews_app.services.submit_by_button import submit_by_button
from reviews_app.services.tools import Tools
from reviews_app.services.withdraw_review import withdraw_review
from tests.factories.member import make_member
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import make_draft
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.mailbox import mail_text
from tests.fakes.rows import changed, rows_of
from tests.fakes.visitor import Visitor


@dataclass
class Question:
    """A mailed question about a review, and its token."""

    review_id: UUID
    at: str

    @property
    def review(self) -> Review:
        session().rollback()
        return session().get_one(Review, self.review_id, populate_existing=True)


def ask(app: Flask, language: str = "en") -> Question:
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        make_member(writing, store)
        product = make_product(writing, store)
        make_order(writing, store, product)
        draft = make_draft(page_language=language)
        review = submit_by_button(writing, draft, store=store, product=product, terms=None, tools=tools)
        found = re.search(r"/confirm/[\w-]{22}", mail_text(writing, tools, "morgan@example.com"))
        assert found is not None
        return Question(review.id, found.group(0))


@pytest.fixture
def asked(app: Flask) -> Iterator[Question]:
    made = ask(app)
    with app.app_context():
        yield made


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def test_the_page_shows_the_review_and_two_answers(visitor: Visitor, asked: Question) -> None:
    page = visitor.open(asked.at)
    assert page.status_code == 200
    for words in ("Did you write this?", "Solid pack", "Yes, I wrote it", "It wasn't me"):
        assert words in page.text


def test_looking_and_prefetching_change_nothing(app: Flask, visitor: Visitor, asked: Question) -> None:
    before = rows_of(app)
    for method in ("GET", "HEAD", "OPTIONS"):
        for _ in range(20):
            visitor.client.open(asked.at, method=method)
    assert visitor.client.get(f"{asked.at}/yes").status_code == 405
    assert changed(before, rows_of(app)) == []


def test_yes_gives_the_badge_and_says_so_again_later(visitor: Visitor, asked: Question) -> None:
    for _ in range(2):
        answer = visitor.client.post(f"{asked.at}/yes", data={"csrf_token": token(visitor, asked)})
        assert answer.status_code == 303
        assert "Your address is confirmed." in visitor.open(answer.location).text
    assert (asked.review.is_verified, asked.review.state) == (True, ReviewState.PUBLISHED)


def test_no_takes_it_off_the_page(visitor: Visitor, asked: Question) -> None:
    answer = visitor.client.post(f"{asked.at}/no", data={"csrf_token": token(visitor, asked)})
    assert "Thank you for telling us." in visitor.open(answer.location).text
    assert (asked.review.is_verified, asked.review.state) == (False, ReviewState.PENDING)
    visitor.client.post(f"{asked.at}/yes", data={"csrf_token": token(visitor, asked)})
    assert not asked.review.is_verified


def test_the_question_stands_in_the_mails_language(app: Flask, visitor: Visitor) -> None:
    page = visitor.open(ask(app, "ar").at)
    assert 'lang="ar" dir="rtl"' in page.text
    assert "هل كتبت هذا؟" in page.text


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_foreign_page_cannot_answer(app: Flask, visitor: Visitor, asked: Question, answer: str) -> None:
    before = rows_of(app)
    refused = visitor.client.post(f"{asked.at}/{answer}", data={"csrf_token": "x"})
    assert (refused.status_code, "Yes, I wrote it" in refused.text) == (422, True)
    assert changed(before, rows_of(app)) == []


def test_a_question_runs_out_kindly(app: Flask, visitor: Visitor, asked: Question, clock: FakeClock) -> None:
    held = token(visitor, asked)
    clock.advance(seconds=LASTS / timedelta(seconds=1))
    before = rows_of(app)
    visitor.client.post(f"{asked.at}/no", data={"csrf_token": held})
    page = visitor.open(asked.at)
    assert (page.status_code, "This question has run out" in page.text) == (410, True)
    assert changed(before, rows_of(app)) == []


def test_a_deleted_review_has_no_question(app: Flask, visitor: Visitor, asked: Question) -> None:
    with transaction() as writing:
        withdraw_review(writing, writing.get_one(Review, asked.review_id), clock=app.extensions["tools"].clock)
    page = visitor.open(asked.at)
    assert (page.status_code, "This review is gone" in page.text, "Solid pack" in page.text) == (410, True, False)


@pytest.mark.parametrize("wrong", ["n" * 22, "x", "y" * 500])
def test_any_other_token_is_absent(visitor: Visitor, asked: Question, wrong: str) -> None:
    for rest in ("", "/yes", "/no"):
        method = "POST" if rest else "GET"
        assert visitor.client.open(f"/confirm/{wrong}{rest}", method=method).status_code == 404


def test_the_token_leaves_by_no_referrer_and_lies_in_no_cache(visitor: Visitor, asked: Question) -> None:
    headers = visitor.open(asked.at).headers
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert session().query(ReviewConfirmation).count() == 1


def token(visitor: Visitor, asked: Question) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', visitor.open(asked.at).text)
    if found is None:
        page = visitor.open("/stores/larkspur/products/ridge-daypack/reviews/new").text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found.group(1)
