import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.review import ReviewState
from reviews_app.models.review_request import LinkExpired, LinkUsed, ProductGivenBack, ReviewRequestUse
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.order_to_review import Standing, order_to_review
from reviews_app.services.request_refused import NothingLeftToReview
from reviews_app.services.request_reviews import request_reviews
from tests.factories.bought import Bought, make_bought
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.review_request import make_link
from tests.fakes.clock import FakeClock


@pytest.fixture
def bought(session: Session, app: Flask) -> Bought:
    return make_bought(session, app.extensions["tools"])


def test_a_review_by_link_is_verified_and_spends_the_link_for_its_product(bought: Bought) -> None:
    review = bought.review(bought.pack)
    assert (review.is_verified, review.order_id, review.state) == (True, bought.order.id, ReviewState.PUBLISHED)
    assert bought.standings() == [Standing.REVIEWED, Standing.OPEN]
    assert [use.product_id for use in bought.session.scalars(select(ReviewRequestUse))] == [bought.pack.id]


def test_the_same_form_again_gives_its_review_back(bought: Bought) -> None:
    first = bought.review(bought.pack, form_id="one-form")
    assert bought.review(bought.pack, form_id="one-form").id == first.id


def test_two_links_of_one_order_are_one_voice(bought: Bought, clock: FakeClock) -> None:
    clock.advance(days=2)
    reminder, _ = make_link(bought.session, bought.order, store=bought.store, tools=bought.tools)
    bought.review(bought.pack)
    with pytest.raises(LinkUsed):
        bought.review(bought.pack, request=reminder)
    assert bought.review(bought.stove, request=reminder).is_verified


def test_a_product_reviewed_from_an_earlier_order_is_not_asked_for_again(bought: Bought) -> None:
    bought.review(bought.pack)
    later = make_order(bought.session, bought.store, bought.pack, number="#1300")
    assert bought.standings(later) == [Standing.REVIEWED]
    with pytest.raises(NothingLeftToReview):
        request_reviews(bought.session, later, store=bought.store, tools=bought.tools)


def test_an_unproven_review_from_the_same_address_takes_no_buyers_voice(bought: Bought) -> None:
    leave_review(bought.session, bought.store, bought.pack, email="morgan@example.com")
    assert bought.standings() == [Standing.OPEN, Standing.OPEN]
    assert bought.review(bought.pack).is_verified


def test_somebody_elses_verified_review_is_not_mine(bought: Bought) -> None:
    other = make_order(bought.session, bought.store, bought.pack, email="kim@example.com", number="#1300")
    request, _ = make_link(bought.session, other, store=bought.store, tools=bought.tools)
    bought.review(bought.pack, request=request, email="kim@example.com")
    assert bought.standings() == [Standing.OPEN, Standing.OPEN]


def test_nothing_goes_in_after_the_last_second(bought: Bought, clock: FakeClock) -> None:
    clock.advance(days=90, seconds=-1)
    bought.review(bought.pack)
    clock.advance(seconds=1)
    with pytest.raises(LinkExpired):
        bought.review(bought.stove)
    clock.advance(days=-1)
    assert bought.review(bought.stove).is_verified


def test_a_product_of_no_line_is_absent(bought: Bought) -> None:
    other = make_product(bought.session, bought.store, "other")
    with pytest.raises(NotFound):
        bought.review(other)
    with pytest.raises(NotFound):
        bought.wish(other, Wish.SKIP)


def test_a_product_on_two_lines_is_reviewed_once(bought: Bought) -> None:
    doubled = make_order(
        bought.session, bought.store, bought.pack, bought.pack, number="#1300", email="kim@example.com"
    )
    assert bought.standings(doubled) == [Standing.OPEN]


@pytest.mark.parametrize(("wish", "standing"), [(Wish.LATER, Standing.LATER), (Wish.SKIP, Standing.SKIPPED)])
def test_what_was_put_off_is_in_no_new_request(
    bought: Bought, clock: FakeClock, wish: Wish, standing: Standing
) -> None:
    bought.wish(bought.pack, wish)
    assert bought.standings() == [standing, Standing.OPEN]
    clock.advance(days=2)
    mail = request_reviews(bought.session, bought.order, store=bought.store, tools=bought.tools).mail
    assert mail is not None
    assert mail.message is not None
    text = bought.tools.keyring.open(mail.message)
    assert (str(bought.pack.id) in text, str(bought.stove.id) in text) == (False, True)


def test_a_review_takes_the_place_of_a_wish(bought: Bought) -> None:
    bought.wish(bought.pack, Wish.LATER)
    bought.review(bought.pack)
    assert bought.session.scalars(select(LineWish)).all() == []


def test_a_reviewed_product_takes_no_wish(bought: Bought) -> None:
    bought.review(bought.pack)
    with pytest.raises(LinkUsed):
        bought.wish(bought.pack, Wish.LATER)


def test_the_next_open_product_is_found_in_a_round(bought: Bought) -> None:
    standing = order_to_review(bought.session, bought.order)
    found = [standing.next_open(after) for after in (None, bought.pack.id, bought.stove.id)]
    assert [one.product_id if one else None for one in found] == [bought.pack.id, bought.stove.id, bought.pack.id]
    bought.wish(bought.pack, Wish.SKIP)
    bought.review(bought.stove)
    assert order_to_review(bought.session, bought.order).next_open() is None
    assert (order_to_review(bought.session, bought.order).done, standing.total) == (1, 2)


def test_what_the_buyer_gave_back_is_not_to_review(bought: Bought) -> None:
    bought.order.lines[0].refunded_quantity = 1
    assert bought.standings() == [Standing.GIVEN_BACK, Standing.OPEN]
    with pytest.raises(ProductGivenBack):
        bought.review(bought.pack)
    assert order_to_review(bought.session, bought.order).total == 1


def test_one_kept_of_two_lines_of_a_product_is_enough(bought: Bought) -> None:
    order = make_order(bought.session, bought.store, bought.pack, bought.pack, number="#1300", email="kim@example.com")
    order.lines[0].refunded_quantity = 1
    assert bought.standings(order) == [Standing.OPEN]


def test_a_cancelled_order_leaves_nothing_open(bought: Bought) -> None:
    bought.order.cancelled_at = bought.order.placed_at
    assert bought.standings() == [Standing.GIVEN_BACK, Standing.GIVEN_BACK]
    with pytest.raises(ProductGivenBack):
        bought.wish(bought.pack, Wish.LATER)
