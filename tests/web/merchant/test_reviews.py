from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from reviews_app.models.membership import StoreRole
from reviews_app.models.product import Product
from reviews_app.models.rating import ProductRating
from reviews_app.models.review import RejectionReason, Review, ReviewState
from reviews_app.models.review_confirmation import Authorship, ReviewConfirmation
from reviews_app.services.answer_confirmation import answer_confirmation
from reviews_app.services.submit_by_button import submit_by_button
from tests.factories.order import make_order
from tests.factories.review import leave_review, make_draft
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House


@pytest.fixture
def waiting(house: House) -> House:
    """One review that waits for a decision."""
    leave(house, title="Solid pack", name="Morgan Reed")
    return house


def leave(house: House, **changes: Any) -> None:
    with house.writing() as (writing, store):
        leave_review(writing, store, writing.scalars(select(Product)).one(), clock=house.clock, **changes)


def page_of(house: House) -> str:
    with house.rows() as rows:
        return f"{house.at}/reviews/{rows.scalars(select(Review.id)).one()}"


def review_of(house: House) -> Review:
    with house.rows() as rows:
        found = rows.scalars(select(Review)).one()
        assert found.reply is None or found.reply.body
        return found


def published(house: House) -> int:
    with house.rows() as rows:
        return rows.scalars(select(ProductRating)).one().total


def test_waiting_reviews_come_first_the_oldest_on_top(waiting: House) -> None:
    waiting.clock.advance(hours=6)
    leave(waiting, title="Came later")
    text = waiting.owner.open(f"{waiting.at}/reviews").text
    assert text.index("Solid pack") < text.index("Came later")
    assert "6 hours ago" in text


def test_each_state_has_a_tab_with_its_count(waiting: House) -> None:
    waiting.owner.send(page_of(waiting), at=f"{page_of(waiting)}/publish")
    assert "Solid pack" not in waiting.owner.open(f"{waiting.at}/reviews").text
    assert "Solid pack" in waiting.owner.open(f"{waiting.at}/reviews?state=published").text
    assert "Solid pack" not in waiting.owner.open(f"{waiting.at}/reviews?state=rejected").text


def test_nothing_waits_and_when_the_last_one_came(waiting: House) -> None:
    waiting.owner.send(page_of(waiting), at=f"{page_of(waiting)}/publish")
    waiting.clock.advance(hours=2)
    text = " ".join(waiting.owner.open(f"{waiting.at}/reviews").text.split())
    assert "Nothing waits. The last review came 2 hours ago." in text


def test_publishing_shows_and_counts_it(waiting: House) -> None:
    waiting.owner.send(page_of(waiting), at=f"{page_of(waiting)}/publish")
    assert review_of(waiting).state is ReviewState.PUBLISHED
    assert published(waiting) == 1
    assert "Solid pack" in waiting.app.test_client().get("/stores/larkspur/products/ridge-daypack").text


def test_publishing_twice_counts_once_and_says_so(waiting: House) -> None:
    page = waiting.owner.open(page_of(waiting))
    for _ in range(2):
        waiting.owner.client.post(f"{page_of(waiting)}/publish", data={"csrf_token": typed(page)["csrf_token"]})
    assert "Somebody published it before you." in waiting.owner.open(page_of(waiting)).text
    assert published(waiting) == 1


def test_rejecting_keeps_the_reason_and_takes_it_from_the_page(waiting: House) -> None:
    waiting.owner.send(page_of(waiting), at=f"{page_of(waiting)}/publish")
    waiting.owner.send(page_of(waiting), at=f"{page_of(waiting)}/reject", reason="offensive")
    assert review_of(waiting).rejection_reason is RejectionReason.OFFENSIVE
    assert published(waiting) == 0
    assert "Insults or threatens somebody" in waiting.owner.open(page_of(waiting)).text
    assert "Solid pack" not in waiting.app.test_client().get("/stores/larkspur/products/ridge-daypack").text


@pytest.mark.parametrize("reason", ["", "too few stars"])
def test_rejecting_needs_a_reason_from_the_list(waiting: House, reason: str) -> None:
    answer = waiting.owner.send(page_of(waiting), at=f"{page_of(waiting)}/reject", reason=reason)
    assert answer.status_code == 422
    assert errors(answer) == ["Choose a reason. It is kept with the review."]
    assert review_of(waiting).state is ReviewState.PENDING


def test_no_reason_speaks_of_stars(waiting: House) -> None:
    assert [reason for reason in RejectionReason if "star" in reason or "rating" in reason] == []
    assert "Stars are never a reason." in waiting.owner.open(page_of(waiting)).text


def test_a_reply_is_saved_reworded_and_taken_away(waiting: House) -> None:
    reply = f"{page_of(waiting)}/reply"
    waiting.owner.send(page_of(waiting), at=reply, body="Thank you.")
    assert typed(waiting.owner.open(page_of(waiting)))["body"] == ["Thank you."]
    waiting.owner.send(page_of(waiting), at=reply, body="Thank you, Morgan.")
    assert typed(waiting.owner.open(page_of(waiting)))["body"] == ["Thank you, Morgan."]
    waiting.owner.send(page_of(waiting), at=reply, body="  ")
    with waiting.rows() as rows:
        assert rows.scalars(select(Review)).one().reply is None


def test_a_reply_too_long_is_refused_and_kept(waiting: House) -> None:
    answer = waiting.owner.send(page_of(waiting), at=f"{page_of(waiting)}/reply", body="x" * 3001)
    assert answer.status_code == 422
    assert typed(answer)["body"] == ["x" * 3001]
    assert "3000" in errors(answer)[0]


def test_markup_in_a_review_is_shown_as_typed(house: House) -> None:
    leave(house, title="<b>Bold</b>", body="<img src=x onerror=alert(1)>")
    text = house.owner.open(page_of(house)).text
    assert "<b>Bold" not in text
    assert "<img src=x" not in text


def test_a_second_review_from_an_address_is_marked(waiting: House) -> None:
    leave(waiting, email="morgan@example.com", title="Once")
    leave(waiting, email="morgan@example.com", title="Twice")
    assert "Second from this address" in waiting.owner.open(f"{waiting.at}/reviews").text


def test_a_viewer_reads_and_decides_nothing(waiting: House) -> None:
    viewer = waiting.visitor(StoreRole.VIEWER)
    text = viewer.open(page_of(waiting)).text
    assert "Solid pack" in text
    assert "Publish" not in text
    assert "Your reply" not in text


def test_without_the_token_nothing_is_decided(waiting: House) -> None:
    assert waiting.owner.client.post(f"{page_of(waiting)}/publish").status_code == 400
    assert waiting.owner.client.post(f"{page_of(waiting)}/reject", data={"reason": "spam"}).status_code == 422
    assert waiting.owner.client.post(f"{page_of(waiting)}/reply", data={"body": "x"}).status_code == 422
    assert review_of(waiting).state is ReviewState.PENDING


def test_pages_go_on_by_key_even_between_equal_moments(house: House) -> None:
    for _ in range(30):
        leave(house)
    house.clock.advance(minutes=1)
    leave(house)
    url, seen = f"{house.at}/reviews", []
    while url:
        text = house.owner.open(url).text
        seen += [part.partition('"')[0] for part in text.split(f'href="{house.at}/reviews/')[1:]]
        url = text.partition('<a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 31


def test_ages_never_run_backwards(waiting: House) -> None:
    waiting.clock.now -= timedelta(minutes=5)
    assert "less than a minute ago" in waiting.owner.open(f"{waiting.at}/reviews").text


def test_a_disowned_review_says_so_and_may_be_rejected_for_that(house: House) -> None:
    with house.writing() as (writing, store):
        product = writing.scalars(select(Product).where(Product.store_id == store.id)).one()
        make_order(writing, store, product)
        review = submit_by_button(writing, make_draft(), store=store, product=product, terms=None, tools=house.tools)
        asked = writing.scalars(select(ReviewConfirmation)).one()
        at = f"{house.at}/reviews/{review.id}"
        reason = {"reason": "not_the_author"}
        writing.flush()
        answer_confirmation(writing, asked, Authorship.NOT_MINE, tools=house.tools)
    assert "The owner of its address says that they did not write it." in house.owner.open(at).text
    assert house.owner.send(at, at=f"{at}/reject", **reason).status_code == 303
    assert "The owner of its address did not write it" in house.owner.open(at).text


def test_nobody_is_called_not_the_author_on_the_merchants_word_alone(house: House) -> None:
    with house.writing() as (writing, store):
        product = writing.scalars(select(Product).where(Product.store_id == store.id)).one()
        at = f"{house.at}/reviews/{leave_review(writing, store, product, clock=house.clock).id}"
    assert house.owner.send(at, at=f"{at}/reject", reason="not_the_author").status_code == 422
