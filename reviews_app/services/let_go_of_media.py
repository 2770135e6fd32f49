"""Takes pictures off a review; the sweep removes their files."""

from collections.abc import Iterable

from reviews_app.models.media import Media


def let_go_of_media(media: Iterable[Media]) -> None:
    """No page names them any more at once; rows and files go within a day, as those of a form never sent do."""
    for one in media:
        one.review_id = None
        # No form may take it up again.
        one.form_id = f"let-go-{one.id.hex}"
