"""Encodes a shopper's picture or video anew: claim, work, record, with no transaction open meanwhile.

May run twice and be killed anywhere: files are written whole, and the row says `ready` only when all of them lie there.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog

from reviews_app.config import Settings
from reviews_app.media.keeper import CHUNK, StorageAway
from reviews_app.media.refused import Refused, Unfinished
from reviews_app.media.scanner import ScannerAway
from reviews_app.media.signature import BYTES_NEEDED, video_kind
from reviews_app.media.work_in_child import results_in, work_in_child
from reviews_app.media.workshop.task import PICTURE, VIDEO, Made, Task
from reviews_app.models.media import MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.services.dispatch.claim_media import (
    Claimed,
    claim_media,
    give_back,
    put_off,
    record_failed,
    record_ready,
)
from reviews_app.services.dispatch.work_place import work_place
from reviews_app.services.tools import Tools

Work = Callable[[Task], Made]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the storage now."""

    made: Made
    stored_bytes: int


def process_media(media_id: UUID, *, tools: Tools, work: Work = work_in_child) -> bool:
    """Make the served files of an upload; gives whether they are there.

    A file at fault fails for good. A storage or scanner that is away costs the file nothing: the sweep tries again.
    So it does, five times at most, when a child is ended from outside.
    """
    claimed = claim_media(media_id)
    if claimed is None:
        return False
    try:
        kept = _make(claimed, tools=tools, work=work)
    except Refused as refused:
        _refuse(media_id, claimed, refused.trouble, tools=tools)
        return False
    except Unfinished as trouble:
        log.warning("media unfinished", media=str(media_id), trouble=str(trouble))
        put_off(media_id)
        return False
    except ScannerAway as trouble:
        log.warning("media scanner away", media=str(media_id), trouble=str(trouble))
        give_back(media_id, MediaTrouble.SCANNER_AWAY)
        return False
    except (StorageAway, OSError) as trouble:
        log.warning("media storage away", media=str(media_id), trouble=str(trouble))
        give_back(media_id, MediaTrouble.STORAGE_AWAY)
        return False
    state = record_ready(media_id, kept.made, stored_bytes=kept.stored_bytes, has_avif=tools.settings.media_avif)
    with suppress(StorageAway):
        _clear_up(claimed, state, tools=tools)
    return state is MediaState.READY


def _make(claimed: Claimed, *, tools: Tools, work: Work) -> Kept:
    with tools.storage.upload_as_file(claimed.name) as source:
        if source is None:
            raise Refused(MediaTrouble.BROKEN)
        if tools.scanner is not None and not tools.scanner.is_clean(source):
            raise Refused(MediaTrouble.INFECTED)
        with work_place(tools) as folder:
            made = work(_task(claimed, source, str(folder), formats=formats_of(tools.settings)))
            return Kept(made, _keep(claimed.name, folder, tools=tools))


def formats_of(settings: Settings) -> tuple[str, ...]:
    """WebP, which every browser shows; AVIF beside it when the operator asks, at twice the work."""
    return ("webp", "avif") if settings.media_avif else ("webp",)


def _refuse(media_id: UUID, claimed: Claimed, trouble: MediaTrouble, *, tools: Tools) -> None:
    """For good. What a scanner found bad is kept apart for the operator, anything else goes at once.

    The row first: a storage that is away now leaves files to the tidying, and no file is looked at twice.
    """
    log.info("media refused", media=str(media_id), trouble=str(trouble))
    record_failed(media_id, trouble)
    with suppress(StorageAway):
        if trouble is MediaTrouble.INFECTED:
            tools.storage.set_apart(claimed.name)
        else:
            tools.storage.drop(claimed.name)


def _task(claimed: Claimed, source: Path, folder: str, *, formats: tuple[str, ...]) -> Task:
    with source.open("rb") as file:
        container = video_kind(file.read(BYTES_NEEDED)) or ""
    return Task(
        kind=VIDEO if claimed.is_video else PICTURE,
        source=str(source.absolute()),
        folder=folder,
        formats=formats,
        container=container,
        most_seconds=claimed.most_seconds,
    )


def _keep(name: str, folder: Path, *, tools: Tools) -> int:
    """Into the storage; gives the bytes."""
    count = 0
    for suffix, path in sorted(results_in(folder).items()):
        count += path.stat().st_size
        with path.open("rb") as file:
            tools.storage.keep_served(name, suffix, iter(lambda: file.read(CHUNK), b""))
    return count


def _clear_up(claimed: Claimed, state: MediaState | None, *, tools: Tools) -> None:
    """The original goes, unless the store keeps it. A row taken back meanwhile takes its files with it."""
    if state is not MediaState.READY:
        tools.storage.drop(claimed.name)
    elif not claimed.keeps_original:
        tools.storage.drop_upload(claimed.name)
