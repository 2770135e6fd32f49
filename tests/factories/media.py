"""Pictures of reviews with their files, as a worker leaves them."""

from pathlib import Path

from sqlalchemy.orm import Session

from reviews_app.lib.tokens import new_token
from reviews_app.media.keeper import Keeper
from reviews_app.media.storage import MediaStorage
from reviews_app.models.media import Media, MediaKind, MediaState
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from tests.factories.picture import make_picture
from tests.fakes.clock import START

VIDEO = b"\0\0\0\x20ftypisom" + bytes(range(256)) * 4


def make_media(
    session: Session,
    store: Store,
    review: Review | None = None,
    *,
    storage: MediaStorage | None = None,
    state: MediaState = MediaState.READY,
    kind: MediaKind = MediaKind.IMAGE,
    form_id: str = "form",
) -> Media:
    """A row, and its files when a storage is given."""
    row = Media(
        store_id=store.id,
        review_id=review.id if review else None,
        form_id=form_id,
        name=new_token(),
        kind=kind,
        state=state,
        byte_count=100,
        has_original=False,
        width=64,
        height=48,
        created_at=START,
        enqueued_at=START,
    )
    session.add(row)
    session.flush()
    if storage is not None:
        for size in (1600, 640, 160):
            storage.keep_served(row.name, f"{size}.webp", [make_picture("WEBP")])
        if kind is MediaKind.VIDEO:
            storage.keep_served(row.name, "video.mp4", [VIDEO])
    return row


def paths(folder: Path) -> list[str]:
    """What lies in a storage's folder."""
    kept = [path for part in ("media", "uploads", "quarantine") for path in (folder / part).glob("*")]
    return sorted(path.relative_to(folder).as_posix() for path in kept)


def fill_keeper(keeper: Keeper, count: int = 6, byte_count: int = 1000) -> dict[str, int]:
    """Some served files and a raw one; gives what lies there."""
    for place in range(count):
        keeper.put(f"media/{place:022}-640.webp", [bytes([place]) * byte_count], "image/webp")
    keeper.put("uploads/raw", [b"raw"], "application/octet-stream")
    return lying(keeper)


def lying(keeper: Keeper) -> dict[str, int]:
    """Every file with its bytes counted."""
    folders = ("media/", "uploads/", "incoming/", "quarantine/")
    return {kept.key: kept.byte_count for folder in folders for kept in keeper.keys(folder)}
