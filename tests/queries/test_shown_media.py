"""Which pictures of a review its readers see, how large, and who may open them."""

from typing import Any

import pytest

from reviews_app.lib.ids import new_id
from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.product import Product
from reviews_app.models.review import Review, ReviewState
from reviews_app.queries.shown_media import as_shown, failed, in_work, shown_media


def a_picture(**changes: Any) -> Media:
    values: dict[str, Any] = {
        "id": new_id(),
        "name": new_id().hex[:22],
        "view_key": "k" * 22,
        "kind": MediaKind.IMAGE,
        "state": MediaState.READY,
        "is_hidden": False,
        "caption": "",
        "original_name": "walk.jpg",
        "width": 1600,
        "height": 1200,
        "duration_ms": None,
    }
    return Media(**(values | changes))


def a_review(*media: Media, state: ReviewState = ReviewState.PUBLISHED) -> Review:
    return Review(state=state, display_name="Morgan R.", product=Product(title="Ridge Pack"), media=list(media))


def test_only_what_is_ready_and_not_hidden_is_shown_in_its_authors_order() -> None:
    media = [
        a_picture(caption="one"),
        a_picture(caption="hidden", is_hidden=True),
        a_picture(caption="in work", state=MediaState.UPLOADED, width=None),
        a_picture(caption="failed", state=MediaState.FAILED),
        a_picture(caption="without a size", width=None, height=None),
        a_picture(caption="two"),
    ]
    shown = shown_media(a_review(*media))
    assert [(one.number, one.caption) for one in shown] == [(1, "one"), (2, "two")]


def test_a_picture_tells_whose_it_is_and_of_what() -> None:
    (shown,) = shown_media(a_review(a_picture()))
    assert (shown.by, shown.product_title, shown.is_video, shown.seconds) == ("Morgan R.", "Ridge Pack", False, 0)


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((1600, 1200), [1600, 640, 160]),
        ((1200, 1600), [1200, 480, 120]),
        ((640, 480), [640, 160]),
        ((100, 80), [100]),
        ((1, 1), [1]),
        ((1, 1600), [1]),
        ((1600, 1), [1600, 640, 160]),
    ],
)
def test_each_width_is_offered_once_the_largest_first(size: tuple[int, int], widths: list[int]) -> None:
    shown = as_shown(a_picture(width=size[0], height=size[1]), a_review(), number=1)
    assert [one.width for one in shown.renditions] == widths
    assert (shown.width, shown.height) == size


def test_of_equal_widths_the_address_of_the_largest_file_stays() -> None:
    assert [one.size for one in as_shown(a_picture(width=100, height=80), a_review(), number=1).renditions] == [1600]


@pytest.mark.parametrize(
    ("size", "stretch"),
    [((100, 100), 1.0), ((100, 200), 1.0), ((200, 100), 2.0), ((1600, 1200), 1.34), ((1600, 1), 1600)],
)
def test_a_wide_picture_is_stretched_until_it_covers_a_square(size: tuple[int, int], stretch: float) -> None:
    assert as_shown(a_picture(width=size[0], height=size[1]), a_review(), number=1).stretch == stretch


@pytest.mark.parametrize("state", ReviewState)
@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_picture_is_public_while_its_review_is_and_nobody_hid_it(state: ReviewState, *, is_hidden: bool) -> None:
    shown = as_shown(a_picture(is_hidden=is_hidden), a_review(state=state), number=1)
    assert shown.is_public is (state is ReviewState.PUBLISHED and not is_hidden)


@pytest.mark.parametrize(("length", "seconds"), [(0, 0), (499, 0), (501, 1), (1499, 1), (59_600, 60), (None, 0)])
def test_a_videos_length_is_told_in_whole_seconds(length: int | None, seconds: int) -> None:
    shown = as_shown(a_picture(kind=MediaKind.VIDEO, duration_ms=length), a_review(), number=1)
    assert (shown.is_video, shown.seconds) == (True, seconds)


def test_what_is_in_work_is_counted_unless_it_was_hidden() -> None:
    waiting = a_picture(state=MediaState.UPLOADED)
    hidden = a_picture(state=MediaState.UPLOADED, is_hidden=True)
    assert in_work(a_review(waiting, hidden, a_picture(), a_picture(state=MediaState.FAILED))) == 1


def test_what_failed_is_told_by_its_authors_name_with_the_cause() -> None:
    broken = a_picture(state=MediaState.FAILED, trouble=MediaTrouble.BROKEN, original_name="my walk.jpg")
    assert failed(a_review(a_picture(), broken)) == (("my walk.jpg", MediaTrouble.BROKEN),)
