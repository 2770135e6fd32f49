import pytest
from sqlalchemy import select

from reviews_app.models.product import Product
from reviews_app.models.review import Review
from reviews_app.services.edit_review import edit_review
from reviews_app.services.withdraw_review import withdraw_review
from tests.factories.review import leave_review, make_draft
from tests.web.merchant.conftest import House


@pytest.fixture
def edited(house: House) -> House:
    """A review whose author thought again."""
    with house.writing() as (writing, store):
        product = writing.scalars(select(Product)).one()
        review = leave_review(writing, store, product, clock=house.clock, title="Before", body="First words")
        house.clock.advance(days=1)
        draft = make_draft(title="After", body="Second words", rating=2)
        edit_review(writing, review, draft, store=store, clock=house.clock)
    return house


def page_of(house: House) -> str:
    with house.rows() as rows:
        return f"{house.at}/reviews/{rows.scalars(select(Review.id)).one()}"


def test_the_earlier_words_stand_beneath_the_new_ones(edited: House) -> None:
    page = edited.owner.open(page_of(edited)).text
    assert "By its author" in page
    assert "Before it was edited" in page
    assert page.index("Second words") < page.index("Before it was edited") < page.index("First words")
    assert "4 stars" in page[page.index("Before it was edited") :]


def test_a_review_that_was_never_edited_says_nothing_of_it(house: House) -> None:
    with house.writing() as (writing, store):
        leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock)
    assert "edited" not in house.owner.open(page_of(house)).text


def test_a_deleted_review_shows_that_it_was_deleted_and_nothing_else(edited: House) -> None:
    with edited.writing() as (writing, _store):
        withdraw_review(writing, writing.scalars(select(Review)).one(), clock=edited.clock)
    page = edited.owner.open(page_of(edited)).text
    assert "Its author deleted this review" in page
    for word in ("Before", "First words", "Second words", "morgan", "Publish<", "Save the reply"):
        assert word not in page, word


@pytest.mark.parametrize("state", ["pending", "published", "rejected", "withdrawn", "nonsense"])
def test_no_list_shows_a_deleted_review(edited: House, state: str) -> None:
    with edited.writing() as (writing, _store):
        withdraw_review(writing, writing.scalars(select(Review)).one(), clock=edited.clock)
    page = edited.owner.open(f"{edited.at}/reviews?state={state}")
    assert page.status_code == 200
    assert page_of(edited) not in page.text


@pytest.mark.parametrize("act", ["publish", "reject"])
def test_a_page_left_open_decides_nothing_about_a_deleted_review(edited: House, act: str) -> None:
    at = page_of(edited)
    held = edited.owner.open(at)
    with edited.writing() as (writing, _store):
        withdraw_review(writing, writing.scalars(select(Review)).one(), clock=edited.clock)
    token = held.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = edited.owner.client.post(f"{at}/{act}", data={"csrf_token": token, "reason": "spam"})
    assert answer.status_code == 303
    assert "Its author deleted it." in edited.owner.open(at).text
