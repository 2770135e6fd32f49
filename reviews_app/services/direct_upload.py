"""Files that browsers send straight to the bucket: offered first, and looked at again before they count.

No bucket is believed to have held the sender to size or type; whose form it is says the signed word the browser brings.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.tokens import new_token
from reviews_app.media.keeper import Offer, StorageAway
from reviews_app.media.signature import media_kind
from reviews_app.media.storage import MediaStorage
from reviews_app.models.media import MediaKind
from reviews_app.models.store import Store
from reviews_app.services.stage_picture import (
    KeptFile,
    NotAPicture,
    PictureNotKept,
    Sent,
    has_row,
    most_bytes,
    refuse_beyond_limits,
    too_large,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """Where one file may be sent, and what it will be called."""

    name: str
    offer: Offer


def offer_upload(
    session: Session, store: Store, sent: Sent, *, byte_count: int, storage: MediaStorage, clock: Clock
) -> Offered | None:
    """Offer a place in the bucket; None when browsers send to us. Raises a PictureNotTaken."""
    if storage.direct_origin is None:
        return None
    refuse_beyond_limits(session, store, sent, byte_count=byte_count, now=clock())
    # What kind it is shows when it is there: until then the larger of both limits holds.
    most = max(most_bytes(store, kind) for kind in MediaKind)
    if byte_count > most:
        raise too_large(MediaKind.VIDEO)
    name = new_token()
    offer = storage.offer(name, most=most)
    return None if offer is None else Offered(name, offer)


def take_offered(session: Session, store: Store, name: str, *, storage: MediaStorage) -> KeptFile:
    """Make what came under an offered name a raw upload like any other. Raises a PictureNotTaken, and keeps nothing."""
    # An offer holds for half an hour: its place may be filled again when it was taken already.
    if has_row(session, name):
        raise PictureNotKept
    try:
        found = storage.take_offered(name)
        if found is None:
            raise PictureNotKept
        byte_count, head = found
        kind = media_kind(head)
        if kind is not None and byte_count <= most_bytes(store, kind):
            return KeptFile(name, kind, byte_count)
        storage.drop_upload(name)
    except StorageAway:
        raise PictureNotKept from None
    raise NotAPicture if kind is None else too_large(kind)
