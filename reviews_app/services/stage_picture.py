"""Takes a picture or video in before its review: a raw file and a row tied to the form's id."""

from dataclasses import dataclass, field
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.db.locks import wait_for_others
from reviews_app.lib.clock import Clock
from reviews_app.lib.tokens import new_token
from reviews_app.media.keeper import StorageAway
from reviews_app.media.signature import BYTES_NEEDED, media_kind
from reviews_app.media.storage import MediaStorage, UploadTooLarge
from reviews_app.models.media import Media, MediaKind
from reviews_app.models.store import Store
from reviews_app.services.media_quotas import MIB, has_room_for, is_within_a_day_of
from reviews_app.services.staged_pictures import staged_pictures

JOB_OF = {MediaKind.IMAGE: JobName.PROCESS_MEDIA, MediaKind.VIDEO: JobName.PROCESS_VIDEO}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the form says of a file: by which key it knows it, and its place among the others (behind them if None)."""

    key: str = field(default_factory=new_token)
    place: int | None = None


class PictureNotTaken(Exception):
    """The file was not taken in; the kind says why."""


class NotAPicture(PictureNotTaken):
    """Its bytes are no JPEG, PNG, WebP, GIF, AVIF, HEIC, MP4, MOV or WebM."""


class PictureTooLarge(PictureNotTaken):
    """A picture above the store's `most_picture_mb`."""


class VideoTooLarge(PictureTooLarge):
    """A video above the store's `most_video_mb`."""


class TooManyPictures(PictureNotTaken):
    """A form takes the store's `most_media`."""


class QuotaReached(PictureNotTaken):
    """This person sent as much as one may in a day, or the store's space is used up."""


class PictureNotKept(PictureNotTaken):
    """The storage is away or full; the same file may work later."""


def stage_picture(
    session: Session,
    store: Store,
    *,
    form_id: str,
    stream: IO[bytes],
    filename: str,
    storage: MediaStorage,
    clock: Clock,
    sender_key: str = "",
    ticket: Ticket | None = None,
) -> Media:
    """Keep the file and its row, and ring for the job that encodes it anew. Raises a PictureNotTaken.

    `sender_key` stands for the person in the quota of a day: a keyed hash, never an address. The same ticket again
    gives the same row: an answer was lost on the way.
    """
    ticket = ticket or Ticket()
    # Two files of a form come at once: neither would see the other, and one more than fits would be taken.
    wait_for_others(session, f"pictures of form {form_id}")
    known = _known(session, store, form_id, ticket)
    if known is not None:
        return known
    held, now = staged_pictures(session, store, form_id), clock()
    if len(held) >= store.most_media:
        raise TooManyPictures
    kind = _kind(stream)
    if not has_room_for(session, store) or not is_within_a_day_of(session, store, sender_key, now=now):
        raise QuotaReached
    name = new_token()
    row = Media(
        store_id=store.id,
        form_id=form_id,
        upload_key=ticket.key,
        name=name,
        kind=kind,
        original_name=filename[-200:].replace("\0", ""),
        sender_key=sender_key,
        byte_count=_keep(storage, name, stream, store=store, kind=kind),
        position=_behind(held) if ticket.place is None else ticket.place,
        created_at=now,
        enqueued_at=now,
    )
    session.add(row)
    session.flush()
    ring_for(session, row)
    return row


def ring_for(session: Session, row: Media) -> None:
    """Ring for the job of its kind: videos wait in a queue of their own, so that no picture waits for one."""
    ring_after_commit(session, JOB_OF[row.kind], row.id)


def _known(session: Session, store: Store, form_id: str, ticket: Ticket) -> Media | None:
    same = select(Media).where(Media.store_id == store.id, Media.form_id == form_id, Media.upload_key == ticket.key)
    return session.scalar(same)


def _kind(stream: IO[bytes]) -> MediaKind:
    kind = media_kind(stream.read(BYTES_NEEDED))
    if kind is None:
        raise NotAPicture
    stream.seek(0)
    return kind


def _behind(held: list[Media]) -> int:
    return 1 + max((one.position for one in held), default=-1)


def _keep(storage: MediaStorage, name: str, stream: IO[bytes], *, store: Store, kind: MediaKind) -> int:
    most = store.most_video_mb if kind is MediaKind.VIDEO else store.most_picture_mb
    try:
        return storage.keep_upload(name, stream, most=most * MIB)
    except UploadTooLarge:
        raise (VideoTooLarge if kind is MediaKind.VIDEO else PictureTooLarge) from None
    except StorageAway:
        raise PictureNotKept from None
