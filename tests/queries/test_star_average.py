"""An average as it is shown: one decimal, halves upwards, and 5.0 only when everybody gave five."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.queries.star_average import shown_average


def mean(*counts: int) -> float:
    return sum(stars * count for stars, count in enumerate(counts, start=1)) / sum(counts)


@pytest.mark.parametrize(
    ("average", "shown"),
    [
        (1.0, 1.0),
        (5.0, 5.0),
        (4.25, 4.3),
        (4.35, 4.4),
        (4.45, 4.5),
        (4.05, 4.1),
        (1.05, 1.1),
        (4.949, 4.9),
        (4.95, 4.9),
        (4.999_999, 4.9),
        (4.24999, 4.2),
        (2.5, 2.5),
        (10 / 3, 3.3),
        (11 / 3, 3.7),
    ],
)
def test_halves_go_upwards_and_never_to_five(average: float, shown: float) -> None:
    assert shown_average(average) == shown


@settings(deadline=None, max_examples=200)
@given(counts=st.tuples(*[st.integers(0, 400)] * 5).filter(any))
def test_it_is_the_exact_mean_rounded(counts: tuple[int, ...]) -> None:
    exact = Fraction(sum(stars * count for stars, count in enumerate(counts, start=1)), sum(counts))
    rounded = Fraction(floor(exact * 10 + Fraction(1, 2)), 10)
    expected = Fraction(49, 10) if rounded == 5 and exact < 5 else rounded
    assert shown_average(mean(*counts)) == float(expected)


def test_one_four_among_ten_thousand_fives_is_not_perfect() -> None:
    assert shown_average(mean(0, 0, 0, 1, 10_000)) == 4.9
    assert shown_average(mean(0, 0, 0, 0, 10_000)) == 5.0


def test_one_two_among_ten_thousand_ones_is_told_as_one() -> None:
    assert shown_average(mean(10_000, 1, 0, 0, 0)) == 1.0
