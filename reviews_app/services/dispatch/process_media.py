"""Encodes a shopper's picture anew: claim, encode, record, with no transaction open meanwhile."""

from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.media.picture import Encoded, PictureRefused, encode_picture
from reviews_app.media.storage import MediaStorage
from reviews_app.models.media import Media, MediaState
from reviews_app.services.release_delivery import release_delivery

MOST_TRIES = 3


def process_media(media_id: UUID, *, storage: MediaStorage) -> bool:
    """Make the served files of an upload; gives whether they are there. May run twice: files are written whole."""
    name = _claim(media_id)
    if name is None:
        return False
    raw = storage.read_upload(name)
    try:
        encoded = encode_picture(raw or b"")
    except PictureRefused:
        _record(media_id, None)
        storage.drop(name)
        return False
    for width, file in encoded.files.items():
        storage.keep_picture(name, width, file)
    _record(media_id, encoded)
    storage.drop_upload(name)
    return True


def _claim(media_id: UUID) -> str | None:
    """The upload's name; None when it is done, gone, or has killed its worker three times."""
    with transaction() as session:
        row = session.get(Media, media_id)
        if row is None or row.state is not MediaState.UPLOADED:
            return None
        row.tries += 1
        if row.tries > MOST_TRIES:
            row.state = MediaState.FAILED
            if row.review_id is not None:
                release_delivery(session, row.review_id)
            return None
        return row.name


def _record(media_id: UUID, encoded: Encoded | None) -> None:
    with transaction() as session:
        row = session.get(Media, media_id)
        if row is None or row.state is not MediaState.UPLOADED:
            return
        row.state = MediaState.FAILED if encoded is None else MediaState.READY
        if encoded is not None:
            row.width, row.height = encoded.width, encoded.height
        if row.review_id is not None:
            release_delivery(session, row.review_id)
