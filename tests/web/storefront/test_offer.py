import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from reviews_app.db.database import session, transaction
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.review import Review
from reviews_app.models.review_confirmation import Authorship, ReviewConfirmation
from reviews_app.models.reward import Reward, RewardState
from reviews_app.models.reward_terms import MailedWhen
from reviews_app.models.store import Store
from reviews_app.services.answer_confirmation import answer_confirmation
from reviews_app.services.decide_review import publish_review
from reviews_app.services.tools import Tools
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.reward import make_coupon, make_terms
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Page, Visitor, typed

FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"
PRODUCT = "/stores/larkspur/products/ridge-daypack"
GOOD: dict[str, Any] = {"rating": "1", "body": "It broke.", "name": "Morgan Reed", "email": "morgan@example.com"}
OFFER = "Share your honest opinion, good or bad, and get $5 off your next order. Your rating makes no difference."
MARK = "Received an incentive"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        make_order(writing, store, make_product(writing, store))
        coupon = make_coupon(writing, store, "CODE-ONE-1111", "CODE-TWO-2222", tools=tools)
        make_terms(writing, store, coupon, tools=tools)
    return Visitor(app.test_client())


def counted(app: Flask, table: type) -> int:
    with app.app_context():
        return session().scalar(select(func.count()).select_from(table)) or 0


def switch_off(app: Flask) -> None:
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        make_terms(writing, store, tools=app.extensions["tools"], is_on=False)


def test_the_form_shows_the_offer_and_its_terms_before_submit(app: Flask, visitor: Visitor) -> None:
    page = visitor.open(FORM).text
    assert OFFER in page
    assert "The code comes by mail once you have confirmed your address." in page
    assert page.index(OFFER) < page.rindex("Submit review")
    assert counted(app, Reward) == 0


@pytest.mark.parametrize("language", ["de", "es", "fr", "ja", "ar"])
def test_the_offer_is_told_in_the_shoppers_language(visitor: Visitor, language: str) -> None:
    page = visitor.open(f"{FORM}?lang={language}").text
    assert "$5 off your next order" in page
    assert "honest opinion" not in page
    assert "Your rating makes no difference" not in page


def test_a_rule_for_links_alone_offers_nothing_at_the_button(app: Flask, visitor: Visitor) -> None:
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        make_terms(writing, store, tools=app.extensions["tools"], for_button=False)
    assert "honest opinion" not in visitor.open(FORM).text
    visitor.send(FORM, **GOOD)
    assert counted(app, Reward) == 0


def test_what_the_opened_form_promised_is_kept_when_the_rule_has_changed(app: Flask, visitor: Visitor) -> None:
    opened = Page(visitor.open(FORM).text).values
    switch_off(app)
    assert visitor.client.post(FORM, data=opened | GOOD).status_code == 303
    with app.app_context():
        assert [one.state for one in session().scalars(select(Reward))] == [RewardState.UNCONFIRMED]
    visitor.send(FORM, **GOOD | {"email": "kim@example.com"})
    assert counted(app, Reward) == 1


@pytest.mark.parametrize("offer", ["", "x", "a.b.c", "0" * 5000, "\u00e9\u4f60", "null"])
def test_a_tampered_offer_counts_as_none_and_costs_no_word(app: Flask, visitor: Visitor, offer: str) -> None:
    answer = visitor.send(FORM, **GOOD | {"offer": offer})
    assert (answer.status_code, counted(app, Review), counted(app, Reward)) == (303, 1, 0)


def test_an_offer_of_another_form_or_with_another_forms_id_counts_as_none(app: Flask, visitor: Visitor) -> None:
    other = Page(visitor.open(FORM).text).values["offer"]
    assert visitor.send(FORM, **GOOD | {"offer": other}).status_code == 303
    assert (counted(app, Review), counted(app, Reward)) == (1, 0)


def test_another_stores_offer_counts_as_none(app: Flask, visitor: Visitor) -> None:
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing, "juniper"))
    opened = Page(visitor.open(FORM).text).values
    theirs = "/stores/juniper/products/ridge-daypack/reviews/new"
    assert visitor.client.post(theirs, data=opened | GOOD).status_code == 303
    assert counted(app, Reward) == 0


def test_a_refused_form_keeps_its_offer_and_every_word(app: Flask, visitor: Visitor) -> None:
    refused = visitor.send(FORM, **GOOD | {"rating": "9"})
    assert (refused.status_code, OFFER in refused.text) == (422, True)
    switch_off(app)
    again = visitor.client.post(FORM, data=typed(refused) | {"rating": "2"})
    assert (again.status_code, counted(app, Reward)) == (303, 1)


def test_the_mark_stands_on_the_page_in_the_data_and_on_the_thank_you(
    app: Flask, visitor: Visitor, clock: FakeClock
) -> None:
    thanks = visitor.open(visitor.send(FORM, **GOOD).location).text
    with app.app_context(), transaction() as writing:
        # So fast a form waits for the merchant.
        publish_review(writing, writing.scalars(select(Review)).one(), clock=clock)
    assert MARK in thanks
    assert "A mail asks you to confirm your address." in thanks
    page = visitor.open(PRODUCT).text
    block = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0]
    assert json.loads(block)["review"][0]["disambiguatingDescription"] == MARK
    assert MARK in page.replace(block, "")


def test_without_an_offer_there_is_no_mark(app: Flask, visitor: Visitor) -> None:
    switch_off(app)
    assert MARK not in visitor.open(visitor.send(FORM, **GOOD).location).text
    assert "disambiguatingDescription" not in visitor.open(PRODUCT).text


def without_tokens(page: str) -> str:
    return re.sub(r"[\w-]{20,}", "", page.replace("stranger@example.com", "").replace("morgan@example.com", ""))


@pytest.mark.parametrize("offers", [True, False])
def test_the_thank_you_never_tells_whether_an_order_or_an_earlier_review_exists(
    app: Flask, visitor: Visitor, offers: bool
) -> None:
    if not offers:
        switch_off(app)
    pages = []
    for email in ("morgan@example.com", "stranger@example.com", "morgan@example.com"):
        pages.append(without_tokens(visitor.open(visitor.send(FORM, **GOOD | {"email": email}).location).text))
    assert pages[0] == pages[1] == pages[2]


def test_one_mail_asks_and_a_yes_brings_the_code(app: Flask, visitor: Visitor) -> None:
    visitor.send(FORM, **GOOD)
    with app.app_context(), transaction() as writing:
        asked = writing.scalars(select(ReviewConfirmation)).one()
        answer_confirmation(writing, asked, Authorship.MINE, tools=app.extensions["tools"])
    with app.app_context():
        kinds = [mail.kind for mail in session().scalars(select(OutgoingMail).order_by(OutgoingMail.created_at))]
    assert sorted(kinds) == [MailKind.CONFIRMATION, MailKind.REWARD]


def test_a_code_that_waits_for_publication_says_so(app: Flask, visitor: Visitor) -> None:
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        tools = app.extensions["tools"]
        coupon = make_coupon(writing, store, "NEW-1", tools=tools, description="10% off")
        make_terms(writing, store, coupon, tools=tools, mailed=MailedWhen.PUBLISHED)
    assert "once you have confirmed your address and your review appears" in visitor.open(FORM).text
