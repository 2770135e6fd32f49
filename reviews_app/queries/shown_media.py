"""Pictures and videos of a review as its readers see them: only what is prepared and not hidden."""

from dataclasses import dataclass
from math import ceil

from reviews_app.models.media import Media, MediaState, Rendition
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.review import Review, ReviewState


@dataclass(frozen=True, slots=True)
class ShownMedia:
    """One of them. `number` counts within its review; `renditions` are the largest first, each width once.

    `view_key` opens it while `is_public` is false.
    """

    name: str
    view_key: str
    is_public: bool
    number: int
    is_video: bool
    caption: str
    seconds: int
    renditions: tuple[Rendition, ...]
    by: str
    product_title: str

    @property
    def width(self) -> int:
        """Of the largest, in pixels."""
        return self.renditions[0].width

    @property
    def height(self) -> int:
        """Of the largest, in pixels."""
        return self.renditions[0].height

    @property
    def stretch(self) -> float:
        """How many times a square's side the picture is wide when it covers the square."""
        return max(1.0, ceil(100 * self.width / self.height) / 100)


def shown_media(review: Review) -> tuple[ShownMedia, ...]:
    """What of a review is ready and not hidden, in its author's order."""
    ready = [one for one in review.media if one.state is MediaState.READY and not one.is_hidden and one.renditions]
    return tuple(as_shown(one, review, number=number) for number, one in enumerate(ready, start=1))


def as_shown(row: Media, review: Review, *, number: int) -> ShownMedia:
    """A prepared row as its readers see it."""
    widths = {one.width: one for one in reversed(row.renditions)}
    return ShownMedia(
        name=row.name,
        view_key=row.view_key,
        is_public=review.state is ReviewState.PUBLISHED and not row.is_hidden,
        number=number,
        is_video=row.is_video,
        caption=row.caption,
        seconds=round((row.duration_ms or 0) / 1000),
        renditions=tuple(widths[width] for width in sorted(widths, reverse=True)),
        by=review.display_name,
        product_title=review.product.title,
    )


def in_work(review: Review) -> int:
    """How many are still being prepared."""
    return sum(one.state is MediaState.UPLOADED and not one.is_hidden for one in review.media)


def failed(review: Review) -> tuple[tuple[str, MediaTrouble | None], ...]:
    """The author's names of those that could not be prepared, with the cause."""
    return tuple((one.original_name, one.trouble) for one in review.media if one.state is MediaState.FAILED)
