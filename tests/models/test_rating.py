import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.models.attribute import AttributeKind
from reviews_app.models.rating import ProductRating


def counted(*counts: int) -> ProductRating:
    return ProductRating(**{f"n{stars}": count for stars, count in enumerate(counts, start=1)})


def test_without_a_review_there_is_no_average() -> None:
    assert (counted(0, 0, 0, 0, 0).total, counted(0, 0, 0, 0, 0).average) == (0, None)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=200))
def test_the_average_is_the_mean_of_all_stars(stars: list[int]) -> None:
    rating = counted(*(stars.count(one) for one in range(1, 6)))
    assert rating.total == len(stars)
    assert rating.average == pytest.approx(sum(stars) / len(stars))


def test_scales_have_steps_and_choices_have_none() -> None:
    assert AttributeKind.SCALE.steps == (1, 2, 3, 4, 5)
    assert AttributeKind.CENTRED_SCALE.steps == (-2, -1, 0, 1, 2)
    assert [kind for kind in AttributeKind if not kind.steps] == [
        AttributeKind.SINGLE_CHOICE,
        AttributeKind.MULTIPLE_CHOICE,
        AttributeKind.SHORT_TEXT,
    ]
