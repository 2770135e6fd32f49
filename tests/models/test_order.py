"""What of an order its buyer kept."""

from datetime import timedelta

import pytest

from reviews_app.models.order import Order, OrderLine
from tests.fakes.clock import START


def a_line(quantity: int, refunded: int = 0) -> OrderLine:
    return OrderLine(quantity=quantity, refunded_quantity=refunded)


@pytest.mark.parametrize(
    ("quantity", "refunded", "is_refunded"),
    [(1, 0, False), (1, 1, True), (3, 2, False), (3, 3, True), (3, 4, True), (100_000, 99_999, False), (0, 0, True)],
)
def test_a_line_is_given_back_when_nothing_of_it_is_left(quantity: int, refunded: int, *, is_refunded: bool) -> None:
    assert a_line(quantity, refunded).is_refunded is is_refunded


def test_a_buyer_kept_every_line_of_which_something_is_left() -> None:
    lines = [a_line(1), a_line(2, 1), a_line(2, 2)]
    assert Order(lines=lines, cancelled_at=None).kept_lines == lines[:2]


def test_of_a_cancelled_order_nothing_was_kept() -> None:
    order = Order(lines=[a_line(1)], cancelled_at=START)
    assert (order.is_cancelled, order.kept_lines) == (True, [])


def test_an_order_to_be_cancelled_later_counts_as_cancelled() -> None:
    assert Order(lines=[a_line(1)], cancelled_at=START + timedelta(days=1)).kept_lines == []


def test_an_order_without_lines_kept_nothing() -> None:
    order = Order(lines=[], cancelled_at=None)
    assert (order.is_cancelled, order.kept_lines) == (False, [])
