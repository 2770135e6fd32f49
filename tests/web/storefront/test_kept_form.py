"""The empty form is rendered once and sent many times, to each visitor with tokens of their own."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.db.database import session, transaction
from reviews_app.db.shown_changes import ON_FORM
from reviews_app.models.attribute import Attribute
from reviews_app.models.coupon import Coupon
from reviews_app.models.product import Product, ProductPicture, ProductVariant
from reviews_app.models.review import Review
from reviews_app.models.reward import Reward
from reviews_app.models.store import Store
from reviews_app.web.kept_pages import KeptPages
from reviews_app.web.review_form.tokens import MARKS
from tests.factories.attribute import make_attribute
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.reward import make_coupon, make_terms
from tests.factories.store import make_store
from tests.fakes.asked import statements, tables_read
from tests.fakes.visitor import Page, Visitor

PAGE = "/stores/larkspur/products/ridge-daypack"
FORM = f"{PAGE}/reviews/new"
GOOD: dict[str, Any] = {"rating": "4", "body": "Carries well.", "name": "Ann Lee", "email": "ann@example.com"}
TOKENS = ("csrf_token", "form_id")


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store, variants=("Moss", "Slate"))
        stove = make_product(writing, store, "stove")
        make_attribute(writing, store, title="Comfort")
        make_attribute(writing, store, title="Heats how fast?", products=(stove,), position=1)
        picture = ProductPicture(store_id=store.id, product_id=product.id, name="front", width=8, height=8)
        product.pictures.append(picture)
    return Visitor(app.test_client())


def kept(app: Flask) -> int:
    pages: KeptPages = app.extensions["kept_pages"]
    return len(pages)


def tokens_of(page: str) -> list[str]:
    return [Page(page).values[name][0] for name in TOKENS]


def without_tokens(page: str) -> str:
    for token in tokens_of(page):
        page = page.replace(token, "")
    return page


def offer_of(page: str) -> str:
    return Page(page).values["offer"][0]


def test_the_second_look_reads_whether_anything_changed_and_what_is_offered(app: Flask, visitor: Visitor) -> None:
    first = visitor.open(FORM).text
    with statements(app) as asked:
        second = visitor.open(FORM).text
    assert len(asked) == 2
    assert without_tokens(second) == without_tokens(first)


def test_every_table_the_form_reads_is_watched_or_asked_each_time(app: Flask, visitor: Visitor) -> None:
    with statements(app) as asked:
        visitor.open(FORM)
    read = tables_read(asked)
    watched = {one.__tablename__ for one in ON_FORM}
    assert watched <= read
    # What is offered is asked with each look.
    assert read - watched - {"page_stamp"} == {"reward_terms", "coupon"}


def test_nobody_gets_a_token_of_another_and_each_form_has_an_id_of_its_own(app: Flask, visitor: Visitor) -> None:
    stranger = Visitor(app.test_client())
    seen = [tokens_of(one.open(FORM).text) for one in (visitor, stranger, visitor, stranger)]
    csrf, form_ids = zip(*seen, strict=True)
    assert len(set(form_ids)) == 4
    assert all(form_ids)
    # The same visitor has one secret, whatever the moment it was signed in.
    secrets = [one.rsplit(".", 2)[0] for one in csrf]
    assert secrets[0] == secrets[2] != secrets[1] == secrets[3]


def test_a_token_of_another_visitor_opens_nothing(app: Flask, visitor: Visitor) -> None:
    stranger = Visitor(app.test_client())
    theirs = Page(stranger.open(FORM).text).values
    mine = Page(visitor.open(FORM).text).values
    refused = visitor.client.post(FORM, data=mine | GOOD | {"csrf_token": theirs["csrf_token"]})
    assert refused.status_code == 422
    assert visitor.client.post(FORM, data=mine | GOOD).status_code == 303
    assert stranger.client.post(FORM, data=theirs | GOOD).status_code == 303


def test_each_visitor_gets_a_cookie_of_their_own_and_no_mark_is_ever_sent(app: Flask, visitor: Visitor) -> None:
    answers = [visitor.open(FORM), Visitor(app.test_client()).open(FORM)]
    cookies = [one.headers["Set-Cookie"] for one in answers]
    assert cookies[0] != cookies[1]
    for answer in answers:
        assert "Cookie" in answer.headers["Vary"]
        assert "ETag" not in answer.headers
        assert not any(mark in answer.text for mark in (MARKS.csrf, MARKS.form_id, MARKS.offer))


def test_the_kept_form_reads_as_one_rendered_for_this_visitor_alone(
    app: Flask, elsewhere: Flask, visitor: Visitor
) -> None:
    visitor.open(FORM)
    again = visitor.open(FORM)
    fresh = Visitor(elsewhere.test_client()).open(FORM)
    assert without_tokens(again.text) == without_tokens(fresh.text)
    assert again.content_type == fresh.content_type == "text/html; charset=utf-8"


def test_a_new_review_leaves_the_kept_form_alone(app: Flask, visitor: Visitor) -> None:
    assert visitor.send(FORM, **GOOD).status_code == 303
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store)).one()
        product = writing.scalars(select(Product).where(Product.handle == "ridge-daypack")).one()
        leave_review(writing, store, product, email="bea@example.com")
    with statements(app) as asked:
        visitor.open(FORM)
    assert len(asked) == 2


def rename_question(writing: Session) -> None:
    writing.scalars(select(Attribute).where(Attribute.title == "Comfort")).one().title = "Is it soft?"


def add_choice(writing: Session) -> None:
    question = writing.scalars(select(Attribute).where(Attribute.title == "Comfort")).one()
    question.choices = [*question.choices, "Under the moon"]


def require_question(writing: Session) -> None:
    writing.scalars(select(Attribute).where(Attribute.title == "Comfort")).one().is_required = True


def remove_question(writing: Session) -> None:
    writing.delete(writing.scalars(select(Attribute).where(Attribute.title == "Comfort")).one())


def ask_of_this_product_too(writing: Session) -> None:
    question = writing.scalars(select(Attribute).where(Attribute.title == "Heats how fast?")).one()
    question.products = list(writing.scalars(select(Product)))


def add_question(writing: Session) -> None:
    make_attribute(writing, writing.scalars(select(Store)).one(), title="How light?", position=7)


def rename_variant(writing: Session) -> None:
    writing.scalars(select(ProductVariant).where(ProductVariant.name == "Moss")).one().name = "Fern"


def show_other_picture(writing: Session) -> None:
    writing.scalars(select(ProductPicture)).one().name = "side"


def rename_product(writing: Session) -> None:
    writing.scalars(select(Product).where(Product.handle == "ridge-daypack")).one().title = "Ridge 22"


def of_store(**values: Any) -> Callable[[Session], None]:
    def change(writing: Session) -> None:
        store = writing.scalars(select(Store)).one()
        for name, value in values.items():
            setattr(store, name, value)

    return change


SEEN: dict[str, Callable[[Session], None]] = {
    "a question is renamed": rename_question,
    "a question has another answer": add_choice,
    "a question must be answered": require_question,
    "a question is taken away": remove_question,
    "a question is asked of this product too": ask_of_this_product_too,
    "a question is new": add_question,
    "a variant is renamed": rename_variant,
    "the picture is another": show_other_picture,
    "the product is renamed": rename_product,
    "the shop is renamed": of_store(name="Larkspur and Sons"),
    "the shop has another address": of_store(postal_address="2 Field Lane"),
    "fewer pictures fit": of_store(most_media=2),
    "a picture may be larger": of_store(most_picture_mb=20),
    "a video may be longer": of_store(most_video_seconds=90),
    "a video may be larger": of_store(most_video_mb=95),
    "the shop speaks another language": of_store(languages=["de"]),
}


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
def test_a_change_shows_in_the_form_at_once_in_every_process(
    app: Flask, elsewhere: Flask, visitor: Visitor, change: Callable[[Session], None]
) -> None:
    other = Visitor(elsewhere.test_client())
    before = without_tokens(visitor.open(FORM).text)
    assert without_tokens(other.open(FORM).text) == before
    with elsewhere.app_context(), transaction() as writing:
        change(writing)
    after = without_tokens(visitor.open(FORM).text)
    assert after != before
    assert without_tokens(other.open(FORM).text) == after


def test_a_change_of_another_product_leaves_this_form_as_it_is(app: Flask, visitor: Visitor) -> None:
    visitor.open(FORM)
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Product).where(Product.handle == "stove")).one().title = "Stove 2"
    with statements(app) as asked:
        visitor.open(FORM)
    assert len(asked) == 2


def test_an_offer_shows_with_the_next_look_and_goes_with_its_last_code(app: Flask, visitor: Visitor) -> None:
    assert offer_of(visitor.open(FORM).text) == ""
    with app.app_context(), transaction() as writing:
        tools = app.extensions["tools"]
        coupon = make_coupon(writing, writing.scalars(select(Store)).one(), "ONE-1111", tools=tools)
        make_terms(writing, writing.scalars(select(Store)).one(), coupon, tools=tools)
    words = "Share your honest opinion, good or bad, and get $5 off your next order."
    offering = visitor.open(FORM).text
    assert words in offering
    again = visitor.open(FORM).text
    assert offer_of(offering) != offer_of(again)
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Coupon)).one().description = "a mug"
    renamed = visitor.open(FORM).text
    assert "and get a mug." in renamed
    assert words not in renamed
    assert visitor.client.post(FORM, data=Page(again).values | GOOD).status_code == 303
    with app.app_context(), transaction() as writing:
        assert writing.scalar(select(func.count()).select_from(Reward)) == 1
        make_terms(writing, writing.scalars(select(Store)).one(), tools=app.extensions["tools"], is_on=False)
    silent = visitor.open(FORM).text
    assert offer_of(silent) == ""
    assert "and get a mug." not in silent


def test_each_star_and_language_is_its_own_form_and_keeps_its_way(app: Flask, visitor: Visitor) -> None:
    asked = ("", "?rating=1", "?rating=5", "?lang=de", "?lang=de&rating=5", "?lang=ar")
    first = [without_tokens(visitor.open(FORM + one).text) for one in asked]
    assert len(set(first)) == len(asked)
    assert [without_tokens(visitor.open(FORM + one).text) for one in asked] == first
    assert [Page(one).values.get("rating") for one in first[:3]] == [None, ["1"], ["5"]]
    assert re.search(r'action="[^"]*lang=de', first[3])
    by_browser = visitor.client.get(FORM, headers={"Accept-Language": "de"})
    assert by_browser.headers["Content-Language"] == "de"
    assert "lang=de" not in by_browser.text


def test_the_dialog_and_the_page_do_not_mix(visitor: Visitor) -> None:
    for _ in range(2):
        page = visitor.open(FORM).text
        alone = visitor.client.get(FORM, headers={"X-Requested-With": "fetch"}).text
        assert page.startswith("<!doctype html>")
        assert "<!doctype" not in alone
        assert tokens_of(alone) != tokens_of(page)
        assert visitor.client.post(FORM, data=Page(alone).values | GOOD).status_code == 303


def test_made_up_words_in_the_address_keep_no_further_form(app: Flask, visitor: Visitor) -> None:
    for place in range(4):
        assert visitor.open(f"{FORM}?rating=x{place}&lang=y{place}&utm_source={place}").status_code == 200
    assert kept(app) == 1


def test_a_refused_form_is_nobody_elses(app: Flask, visitor: Visitor) -> None:
    refused = visitor.send(FORM, **GOOD | {"email": "", "body": "My own words."})
    assert refused.status_code == 422
    assert "My own words." in refused.text
    opened = Visitor(app.test_client()).open(FORM).text
    assert "My own words." not in opened
    assert "error-summary" not in opened


def test_a_form_that_says_what_a_mark_looks_like_is_left_as_it_is(app: Flask, visitor: Visitor) -> None:
    words = "{csrf} %s &#123; " + "a" * len(MARKS.csrf)
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().name = words
    for _ in range(2):
        assert words.replace("&", "&amp;") in visitor.open(FORM).text


def test_what_was_sent_is_kept_once_however_often_the_kept_form_was_opened(app: Flask, visitor: Visitor) -> None:
    first, second = (Page(visitor.open(FORM).text).values for _ in range(2))
    for values in (first, first, second):
        assert visitor.client.post(FORM, data=values | GOOD).status_code == 303
    with app.app_context():
        assert session().scalar(select(func.count()).select_from(Review)) == 2


def test_a_sent_form_is_read_by_the_questions_of_this_moment(app: Flask, elsewhere: Flask, visitor: Visitor) -> None:
    values = Page(visitor.open(FORM).text).values
    assert visitor.client.post(FORM, data=values | GOOD | {"rating": ""}).status_code == 422
    with elsewhere.app_context(), transaction() as writing:
        require_question(writing)
    refused = visitor.client.post(FORM, data=values | GOOD)
    assert refused.status_code == 422
    assert "Please answer this question." in refused.text
    with elsewhere.app_context(), transaction() as writing:
        remove_question(writing)
    assert visitor.client.post(FORM, data=values | GOOD).status_code == 303


def test_a_variant_that_came_can_be_chosen_and_one_that_went_cannot(
    app: Flask, elsewhere: Flask, visitor: Visitor
) -> None:
    values = Page(visitor.open(FORM).text).values
    with elsewhere.app_context(), transaction() as writing:
        product = writing.scalars(select(Product).where(Product.handle == "ridge-daypack")).one()
        fern = ProductVariant(store_id=product.store_id, product_id=product.id, shop_id="fern", name="Fern")
        product.variants.append(fern)
        writing.flush()
        chosen = {"variant": str(fern.id)}
    assert visitor.client.post(FORM, data=values | GOOD | chosen | {"email": ""}).status_code == 422
    with elsewhere.app_context(), transaction() as writing:
        writing.delete(writing.scalars(select(ProductVariant).where(ProductVariant.name == "Fern")).one())
    assert visitor.client.post(FORM, data=values | GOOD | chosen).status_code == 422
    assert visitor.client.post(FORM, data=values | GOOD).status_code == 303


def test_a_review_is_saved_with_a_dozen_statements(app: Flask, visitor: Visitor) -> None:
    for email in ("first@example.com", "second@example.com"):
        values = Page(visitor.open(FORM).text).values
        with statements(app) as asked:
            assert visitor.client.post(FORM, data=values | GOOD | {"email": email}).status_code == 303
    assert len(asked) <= 12, "\n".join(asked)
