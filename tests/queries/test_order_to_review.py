"""What of an order is still to review, and what comes next."""

from itertools import product as combinations
from uuid import UUID

import pytest

from reviews_app.lib.ids import new_id
from reviews_app.models.order import OrderLine
from reviews_app.models.review import Review
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.order_to_review import LineToReview, OrderToReview, Standing
from tests.fakes.clock import START

IDS = [new_id() for _ in range(4)]


def standing(*standings: Standing) -> OrderToReview:
    lines = [LineToReview(OrderLine(product_id=IDS[place], position=place), one) for place, one in enumerate(standings)]
    return OrderToReview(tuple(lines))


def following(order: OrderToReview, after: UUID | None = None) -> UUID | None:
    found = order.next_open(after)
    return found.product_id if found else None


OPEN, DONE, LATER, SKIPPED = Standing.OPEN, Standing.REVIEWED, Standing.LATER, Standing.SKIPPED
BACK, GONE = Standing.GIVEN_BACK, Standing.WITHDRAWN


def test_after_one_product_comes_the_next_open_one_and_round() -> None:
    order = standing(OPEN, DONE, OPEN, OPEN)
    assert [following(order, one) for one in IDS] == [IDS[2], IDS[2], IDS[3], IDS[0]]
    assert following(order) == IDS[0]
    assert following(order, new_id()) == IDS[0]


def test_the_last_open_product_follows_itself() -> None:
    assert following(standing(DONE, OPEN, SKIPPED), IDS[1]) == IDS[1]


@pytest.mark.parametrize("other", [DONE, LATER, SKIPPED, BACK, GONE])
def test_where_nothing_is_open_nothing_comes_next(other: Standing) -> None:
    order = standing(other, other)
    assert [following(order, one) for one in (None, *IDS)] == [None] * 5


def test_an_order_without_products_has_nothing_to_review() -> None:
    order = standing()
    assert (order.done, order.total, order.reviews, following(order)) == (0, 0, [], None)


@pytest.mark.parametrize("mixture", list(combinations(Standing, repeat=2)))
def test_what_was_given_back_or_deleted_counts_in_no_sum(mixture: tuple[Standing, ...]) -> None:
    order = standing(*mixture)
    assert order.total == len(mixture) - sum(one in {BACK, GONE} for one in mixture)
    assert order.done == mixture.count(DONE) <= order.total


@pytest.mark.parametrize(
    ("one", "may_be"), [(OPEN, True), (LATER, True), (SKIPPED, True), (DONE, False), (BACK, False), (GONE, False)]
)
def test_what_was_put_off_may_still_be_reviewed(one: Standing, *, may_be: bool) -> None:
    assert standing(one).lines[0].may_be_reviewed is may_be


def test_a_product_the_order_does_not_hold_is_not_found() -> None:
    order = standing(OPEN, DONE)
    assert order.line_of(IDS[1]).standing is DONE
    with pytest.raises(NotFound):
        order.line_of(IDS[2])


def test_what_was_said_stands_the_oldest_first_whatever_the_sequence_of_the_products() -> None:
    reviews = [Review(created_at=START.replace(hour=hour)) for hour in (9, 7, 8)]
    lines = [
        LineToReview(OrderLine(product_id=IDS[place], position=place), DONE, review)
        for place, review in enumerate(reviews)
    ]
    assert OrderToReview(tuple(lines)).reviews == [reviews[1], reviews[2], reviews[0]]
