"""Changes what a store takes of pictures and videos."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from reviews_app.models.store import Store


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """Checked values: files a review, megabytes each, seconds of a video.

    `link_days` is for how long the addresses Kustomer gets open; None until the review is erased.
    """

    most_media: int
    most_picture_mb: int
    most_video_mb: int
    most_video_seconds: int
    keeps_originals: bool
    link_days: int | None


def save_media_limits(session: Session, store: Store, limits: MediaLimits) -> None:
    """For what comes from now on: what is there stays, and an original that was deleted does not come back.

    The term of addresses alone holds at once, for those that are out already as well.
    """
    store.most_media = limits.most_media
    store.most_picture_mb = limits.most_picture_mb
    store.most_video_mb = limits.most_video_mb
    store.most_video_seconds = limits.most_video_seconds
    store.keeps_originals = limits.keeps_originals
    store.media_link_days = limits.link_days
    session.flush()
