"""Takes a picture in before its review: a raw file and a row tied to the form's id."""

from typing import IO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.clock import Clock
from reviews_app.lib.tokens import new_token
from reviews_app.media.signature import BYTES_NEEDED, picture_kind
from reviews_app.media.storage import MediaStorage, UploadTooLarge
from reviews_app.models.media import Media
from reviews_app.models.store import Store

MOST_BYTES = 15 * 1024 * 1024
MOST_PICTURES = 8


class PictureNotTaken(Exception):
    """The file was not taken in; the kind says why."""


class NotAPicture(PictureNotTaken):
    """Its bytes are no JPEG, PNG, WebP, GIF or HEIC."""


class PictureTooLarge(PictureNotTaken):
    """More than 15 MB."""


class TooManyPictures(PictureNotTaken):
    """A form takes eight."""


def stage_picture(
    session: Session,
    store: Store,
    *,
    form_id: str,
    stream: IO[bytes],
    filename: str,
    storage: MediaStorage,
    clock: Clock,
) -> Media:
    """Keep the file and its row, and ring for the job that encodes it anew. Raises a PictureNotTaken."""
    taken = len(staged_pictures(session, store, form_id))
    if taken >= MOST_PICTURES:
        raise TooManyPictures
    if picture_kind(stream.read(BYTES_NEEDED)) is None:
        raise NotAPicture
    stream.seek(0)
    name = new_token()
    try:
        count = storage.keep_upload(name, stream, most=MOST_BYTES)
    except UploadTooLarge:
        raise PictureTooLarge from None
    now = clock()
    row = Media(
        store_id=store.id,
        form_id=form_id,
        name=name,
        original_name=filename[-200:].replace("\0", ""),
        byte_count=count,
        position=taken,
        created_at=now,
        enqueued_at=now,
    )
    session.add(row)
    session.flush()
    ring_after_commit(session, JobName.PROCESS_MEDIA, row.id)
    return row


def staged_pictures(session: Session, store: Store, form_id: str) -> list[Media]:
    """What this form has sent so far, in order."""
    staged = select(Media).where(Media.store_id == store.id, Media.form_id == form_id, Media.review_id.is_(None))
    return list(session.scalars(staged.order_by(Media.position, Media.id)))


def remove_staged(session: Session, store: Store, *, form_id: str, media_id: UUID, storage: MediaStorage) -> None:
    """Take one back; an id of another form or store does nothing."""
    row = next((one for one in staged_pictures(session, store, form_id) if one.id == media_id), None)
    if row is not None:
        session.delete(row)
        session.flush()
        storage.drop(row.name)
