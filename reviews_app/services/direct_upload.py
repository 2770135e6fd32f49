"""Files that browsers send straight to the bucket: offered first, and looked at again before they count.

No bucket is believed to have held the sender to size or type; whose form it is says the signed word the browser brings.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.tokens import new_token
from reviews_app.media.keeper import Offer, StorageAway
from reviews_app.media.signature import media_kind
from reviews_app.media.storage import MediaStorage
from reviews_app.models.media import MediaKind
from reviews_app.models.media_offer import MediaOffer
from reviews_app.models.store import Store
from reviews_app.services.media_offers import is_open, new_place, open_place
from reviews_app.services.stage_picture import (
    KeptFile,
    NotAPicture,
    PictureNotKept,
    Sent,
    most_bytes,
    refuse_beyond_limits,
    take_turn_of_files,
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
    """Offer a place in the bucket that counts as full from now on; None when browsers send to us.

    `byte_count` is how large the file is said to be, 0 when nothing was said. Raises a PictureNotTaken.
    """
    if storage.direct_origin is None:
        return None
    # What kind it is shows when it is there: until then the larger of both limits holds.
    most = max(most_bytes(store, kind) for kind in MediaKind)
    if byte_count > most:
        raise too_large(MediaKind.VIDEO)
    place = _place(session, store, sent, byte_count=byte_count or most, now=clock())
    offer = storage.offer(place.name, most=place.byte_count)
    return None if offer is None else Offered(place.name, offer)


def _place(session: Session, store: Store, sent: Sent, *, byte_count: int, now: datetime) -> MediaOffer:
    """The file's own of before, or a new one; with room for so many bytes, and never for less than was promised."""
    take_turn_of_files(session, store, sent)
    place = open_place(session, store, form_id=sent.form_id, upload_key=sent.ticket.key)
    if place is None:
        place = new_place(store, form_id=sent.form_id, upload_key=sent.ticket.key, sender_key=sent.sender_key)
    byte_count = max(byte_count, place.byte_count)
    place.byte_count, place.created_at = 0, now
    session.add(place)
    session.flush()
    refuse_beyond_limits(session, store, sent, byte_count=byte_count, now=now)
    place.byte_count = byte_count
    session.flush()
    return place


def take_offered(session: Session, store: Store, offered: str, *, storage: MediaStorage) -> KeptFile:
    """Make what came under an offered name a raw upload like any other. Raises a PictureNotTaken, and keeps nothing."""
    # An offer holds for half an hour: its place may be filled again when it was taken already.
    if not is_open(session, store, offered):
        raise PictureNotKept
    name = new_token()
    try:
        found = storage.take_offered(offered, name)
        if found is None:
            raise PictureNotKept
        byte_count, head = found
        kind = media_kind(head)
        if kind is not None and byte_count <= most_bytes(store, kind):
            return KeptFile(name, kind, byte_count, offered_as=offered)
        storage.drop_upload(name)
    except StorageAway:
        raise PictureNotKept from None
    raise NotAPicture if kind is None else too_large(kind)
