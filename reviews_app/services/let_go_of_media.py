"""Takes pictures off a review; the sweep removes their files."""

from collections.abc import Iterable

from reviews_app.models.media import Media


def let_go_of_media(media: Iterable[Media]) -> None:
    """No page names them and no address opens them any more; rows and files go as those of a form never sent do."""
    for one in media:
        one.let_go()
