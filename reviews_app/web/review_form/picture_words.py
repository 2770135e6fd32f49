"""What a shopper is told of a picture or video that was not taken, or that could not be prepared."""

from collections.abc import Callable

from flask_babel import gettext, ngettext

from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.queries.shown_media import failed
from reviews_app.services.media_quotas import MIB
from reviews_app.services.stage_picture import (
    NotAPicture,
    PictureNotKept,
    PictureNotTaken,
    PictureTooLarge,
    QuotaReached,
    StoreFull,
    TooManyPictures,
    VideoTooLarge,
)

Words = Callable[[Store], str]

REFUSED: dict[type[PictureNotTaken], Words] = {
    NotAPicture: lambda _: gettext("This is not a picture we can show. Send a JPEG, a HEIC or an MP4."),
    PictureTooLarge: lambda store: gettext(
        "This picture is larger than %(most)s MB. Send a smaller one.", most=store.most_picture_mb
    ),
    VideoTooLarge: lambda store: gettext(
        "This video is larger than %(most)s MB. Send a shorter one.", most=store.most_video_mb
    ),
    TooManyPictures: lambda store: ngettext(
        "%(num)s picture or video fits in one review.",
        "%(num)s pictures and videos fit in one review.",
        store.most_media,
    ),
    QuotaReached: lambda _: gettext("No more files are taken from you today. Your review can go without this one."),
    StoreFull: lambda _: gettext("The shop has no room for more files just now. Your review can go without this one."),
    PictureNotKept: lambda _: gettext("It could not be stored just now. Try again in a minute."),
}
FAILED: dict[MediaTrouble, Words] = {
    MediaTrouble.BROKEN: lambda _: gettext("It could not be read. The file may be damaged."),
    MediaTrouble.TOO_LARGE_TO_DECODE: lambda _: gettext("It has more pixels than we can open. Send a smaller one."),
    MediaTrouble.TOO_LONG: lambda store: gettext(
        "This video is longer than %(most)s seconds. Send a shorter one.", most=store.most_video_seconds
    ),
    MediaTrouble.UNKNOWN_CODEC: lambda _: gettext("This kind of video does not play everywhere. Send it as MP4."),
    MediaTrouble.INFECTED: lambda _: gettext(
        "A virus scanner found something in it. It is locked away and never shown."
    ),
    MediaTrouble.TOO_HEAVY: lambda _: gettext("It takes too long to prepare. Send a smaller one."),
}


def words_for(refused: PictureNotTaken, store: Store) -> str:
    """What to tell the shopper; every refusal has words."""
    return str(REFUSED[type(refused)](store))


def words_of_failure(trouble: MediaTrouble | None, store: Store) -> str:
    """Why a file that was taken could not be prepared."""
    return str(FAILED[trouble if trouble in FAILED else MediaTrouble.BROKEN](store))


def script_limits(store: Store, *, direct: str | None) -> dict[str, int | str]:
    """The same limits for the page's script, which tells before it sends; `direct` is where it may send without us."""
    return {
        "direct": direct or "",
        "most": store.most_media,
        "picture_bytes": store.most_picture_mb * MIB,
        "video_bytes": store.most_video_mb * MIB,
        "seconds": store.most_video_seconds,
        "too_many": words_for(TooManyPictures(), store),
        "too_large_picture": words_for(PictureTooLarge(), store),
        "too_large_video": words_for(VideoTooLarge(), store),
        "too_long": words_of_failure(MediaTrouble.TOO_LONG, store),
    }


def limits_hint(store: Store) -> str:
    """What fits, told before anything is chosen."""
    count = ngettext("Up to %(num)s photo or video.", "Up to %(num)s photos and videos.", store.most_media)
    sizes = gettext(
        "A photo may have %(picture)s MB, a video %(video)s MB and %(seconds)s seconds.",
        picture=store.most_picture_mb,
        video=store.most_video_mb,
        seconds=store.most_video_seconds,
    )
    return " ".join((count, sizes, gettext("Where they were taken is removed.")))


def words_of_failures(review: Review, store: Store) -> list[str]:
    """For its author: which files of a review are not shown, and why."""
    return [
        gettext("%(name)s is not shown. %(words)s", name=name[:80], words=words_of_failure(trouble, store))
        for name, trouble in failed(review)
    ]
