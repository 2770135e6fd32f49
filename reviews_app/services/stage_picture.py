"""Takes a picture or video in before its review: a raw file and a row tied to the form's id."""

from dataclasses import dataclass, field
from datetime import datetime
from os import SEEK_END
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
from reviews_app.services.media_offers import spend_place
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
    """This person sent as much as one may in a day."""


class StoreFull(PictureNotTaken):
    """The store's room is used up."""


class PictureNotKept(PictureNotTaken):
    """The storage is away or full; the same file may work later."""


@dataclass(frozen=True, slots=True)
class Sent:
    """By whom a file comes, and for which form.

    `sender_key` stands for the person in the quota of a day: a keyed hash, never an address. `beside` counts what the
    review has already and keeps.
    """

    form_id: str
    filename: str
    ticket: Ticket
    sender_key: str = ""
    beside: int = 0


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A raw upload that lies in the storage and has no row yet; `offered_as` names the place it came by, if it did."""

    name: str
    kind: MediaKind
    byte_count: int
    offered_as: str = ""


def known_file(session: Session, store: Store, sent: Sent) -> Media | None:
    """The same ticket again gives the same row: an answer was lost on the way."""
    same = select(Media).where(Media.store_id == store.id, Media.form_id == sent.form_id)
    return session.scalar(same.where(Media.upload_key == sent.ticket.key))


def has_row(session: Session, name: str) -> bool:
    """Whether a file of that name belongs to a row: then nobody may write over it or drop it."""
    return session.scalar(select(Media.id).where(Media.name == name)) is not None


def keep_file(
    session: Session, store: Store, sent: Sent, *, stream: IO[bytes], storage: MediaStorage, clock: Clock
) -> KeptFile:
    """Look at a file and keep it; no transaction need be open meanwhile. Raises a PictureNotTaken.

    Who then makes no row of it drops it, or the tidying finds it.
    """
    kind, name = _kind(stream), new_token()
    refuse_beyond_limits(session, store, sent, byte_count=_length(stream), now=clock())
    return KeptFile(name, kind, _keep(storage, name, stream, store=store, kind=kind))


def add_row(session: Session, store: Store, sent: Sent, kept: KeptFile, *, clock: Clock) -> Media:
    """The row of a kept file, and rings for the job that encodes it anew. Raises a PictureNotTaken.

    A file whose ticket came meanwhile gives the other's row: then nobody needs this one.
    """
    take_turn_of_files(session, store, sent)
    is_first = not kept.offered_as or spend_place(session, store, kept.offered_as)
    known = known_file(session, store, sent)
    if known is not None:
        return known
    if not is_first:
        raise PictureNotKept
    now = clock()
    held = refuse_beyond_limits(session, store, sent, byte_count=kept.byte_count, now=now)
    row = Media(
        store_id=store.id,
        form_id=sent.form_id,
        upload_key=sent.ticket.key,
        name=kept.name,
        kind=kept.kind,
        original_name=sent.filename[-200:].replace("\0", ""),
        sender_key=sent.sender_key,
        byte_count=kept.byte_count,
        position=_behind(held) if sent.ticket.place is None else sent.ticket.place,
        created_at=now,
        enqueued_at=now,
    )
    session.add(row)
    session.flush()
    ring_for(session, row)
    return row


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
    """Keep the file and add its row, where it lies at hand and nobody waits. Raises a PictureNotTaken."""
    sent = Sent(form_id, filename, ticket or Ticket(), sender_key)
    known = known_file(session, store, sent)
    if known is not None:
        return known
    kept = keep_file(session, store, sent, stream=stream, storage=storage, clock=clock)
    return add_row(session, store, sent, kept, clock=clock)


def refuse_beyond_limits(session: Session, store: Store, sent: Sent, *, byte_count: int, now: datetime) -> list[Media]:
    """Raises a PictureNotTaken when the form, the person or the store has enough; gives what the form holds."""
    held = staged_pictures(session, store, sent.form_id)
    if sent.beside + sum(one.takes_place for one in held) >= store.most_media:
        raise TooManyPictures
    if not is_within_a_day_of(session, store, sent.sender_key, more=byte_count, now=now):
        raise QuotaReached
    if not has_room_for(session, store, more=byte_count):
        raise StoreFull
    return held


def take_turn_of_files(session: Session, store: Store, sent: Sent) -> None:
    """Two files come at once: neither would see the other, and one more than fits the form or the store were taken."""
    wait_for_others(session, f"pictures of form {sent.form_id}")
    wait_for_others(session, f"room of store {store.id}")


def most_bytes(store: Store, kind: MediaKind) -> int:
    """How large one file may be."""
    return (store.most_video_mb if kind is MediaKind.VIDEO else store.most_picture_mb) * MIB


def too_large(kind: MediaKind) -> PictureTooLarge:
    """The refusal of one that is larger."""
    return VideoTooLarge() if kind is MediaKind.VIDEO else PictureTooLarge()


def ring_for(session: Session, row: Media) -> None:
    """Ring for the job of its kind: videos wait in a queue of their own, so that no picture waits for one."""
    ring_after_commit(session, JOB_OF[row.kind], row.id)


def _kind(stream: IO[bytes]) -> MediaKind:
    kind = media_kind(stream.read(BYTES_NEEDED))
    if kind is None:
        raise NotAPicture
    stream.seek(0)
    return kind


def _length(stream: IO[bytes]) -> int:
    length = stream.seek(0, SEEK_END)
    stream.seek(0)
    return length


def _behind(held: list[Media]) -> int:
    return 1 + max((one.position for one in held), default=-1)


def _keep(storage: MediaStorage, name: str, stream: IO[bytes], *, store: Store, kind: MediaKind) -> int:
    try:
        return storage.keep_upload(name, stream, most=most_bytes(store, kind))
    except UploadTooLarge:
        raise too_large(kind) from None
    except StorageAway:
        raise PictureNotKept from None
