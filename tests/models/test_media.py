"""What is served of a picture, how large, and what is left of one that was let go."""

from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.ids import new_id
from reviews_app.models.media import Media, MediaKind, MediaState, Rendition, rendition
from reviews_app.models.media_words import SIZES

SIDES = st.integers(1, 60_000)


@pytest.mark.parametrize(
    ("width", "height", "size", "expected"),
    [
        (4000, 3000, 1600, (1600, 1200)),
        (3000, 4000, 1600, (1200, 1600)),
        (1600, 1600, 1600, (1600, 1600)),
        (1601, 1601, 1600, (1600, 1600)),
        (1599, 10, 1600, (1599, 10)),
        (1, 1, 160, (1, 1)),
        (60_000, 1, 160, (160, 1)),
        (1, 60_000, 160, (1, 160)),
        (640, 479, 640, (640, 479)),
    ],
)
def test_a_picture_keeps_its_shape_within_a_size(width: int, height: int, size: int, expected: tuple[int, int]) -> None:
    made = rendition(width, height, size)
    assert ((made.width, made.height), made.size) == (expected, size)


@given(width=SIDES, height=SIDES, size=st.sampled_from(SIZES))
def test_no_picture_is_blown_up_vanishes_or_is_larger_than_said(width: int, height: int, size: int) -> None:
    made = rendition(width, height, size)
    longer, shorter = (made.width, made.height) if width >= height else (made.height, made.width)
    assert longer == min(max(width, height), size)
    exact = Fraction(min(width, height) * longer, max(width, height))
    assert abs(shorter - max(exact, Fraction(1))) <= Fraction(500_001, 1_000_000)


@given(width=SIDES, height=SIDES)
def test_a_picture_on_its_side_is_the_same_picture(width: int, height: int) -> None:
    for size in SIZES:
        upright, lying = rendition(width, height, size), rendition(height, width, size)
        assert (upright.width, upright.height) == (lying.height, lying.width)


def a_picture(**changes: object) -> Media:
    values = {
        "id": new_id(),
        "review_id": uuid4(),
        "form_id": "form",
        "name": "n" * 22,
        "view_key": "k" * 22,
        "kind": MediaKind.IMAGE,
        "state": MediaState.READY,
        "original_name": "IMG_0001 Grandma.jpg",
        "caption": "At home",
        "width": 1200,
        "height": 800,
    }
    return Media(**(values | changes))


def test_what_is_prepared_is_served_in_every_size_the_largest_first() -> None:
    assert a_picture().renditions == (Rendition(1600, 1200, 800), Rendition(640, 640, 427), Rendition(160, 160, 107))


@pytest.mark.parametrize("missing", ["width", "height"])
def test_what_has_no_size_yet_is_not_served(missing: str) -> None:
    assert a_picture(**{missing: None}).renditions == ()


def test_a_video_plays_and_a_picture_does_not() -> None:
    assert a_picture(kind=MediaKind.VIDEO).is_video
    assert not a_picture().is_video


def test_a_picture_let_go_belongs_to_nobody_and_tells_nothing() -> None:
    picture = a_picture()
    picture.let_go()
    assert (picture.review_id, picture.original_name, picture.caption) == (None, "", "")
    assert picture.view_key != "k" * 22
    assert picture.name == "n" * 22


def test_pictures_let_go_share_no_form() -> None:
    pictures = [a_picture() for _ in range(3)]
    for picture in pictures:
        picture.let_go()
    assert len({picture.form_id for picture in pictures}) == 3
    assert "form" not in {picture.form_id for picture in pictures}


def test_letting_go_twice_is_letting_go() -> None:
    picture = a_picture()
    picture.let_go()
    form_id = picture.form_id
    picture.let_go()
    assert picture.form_id == form_id
