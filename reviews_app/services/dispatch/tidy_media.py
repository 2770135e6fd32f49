"""Removes files that belong to no row: what a killed process left between a file and its row, or a row and its file."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from shutil import rmtree

import structlog
from sqlalchemy import or_, select

from reviews_app.db.database import session
from reviews_app.media.keeper import WORK_FOLDER, StorageAway
from reviews_app.media.storage import INCOMING, QUARANTINE, RAW, SERVED_FOLDER, Lying
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.media import Media, MediaState
from reviews_app.models.product import ProductPicture
from reviews_app.services.tools import Tools

# A file is older than its row by seconds, by half an hour at most where browsers send to a bucket.
OLD = timedelta(hours=12)
AT_ONCE = 500

log = structlog.get_logger()


def tidy_media(*, tools: Tools) -> int:
    """Remove half-written files, strays and killed workers' places, all older than half a day; gives how many went."""
    before = tools.clock() - OLD
    cleared = _clear_places(tools.settings.data_dir / WORK_FOLDER, before)
    try:
        removed = tools.storage.tidy(before)
        files = tools.storage.older_than(before)
        while some := list(islice(files, AT_ONCE)):
            strays = _strays(some)
            tools.storage.keeper.remove(strays)
            removed += len(strays)
    except StorageAway as trouble:
        log.warning("media storage away", trouble=str(trouble))
        return cleared
    return cleared + removed


def _clear_places(folder: Path, before: datetime) -> int:
    """A worker that was killed left what it had fetched and made so far, and nobody comes back for it."""
    left = [place for place in folder.glob("*") if place.stat().st_mtime < before.timestamp()]
    for place in left:
        if place.is_dir():
            rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)
    return len(left)


def _strays(files: Sequence[Lying]) -> list[str]:
    """Keys that no row needs. What a browser sent to a bucket and never told us of is always one."""
    names = {one.name for one in files}
    known = _known(names)
    needed = {SERVED_FOLDER: known, QUARANTINE: known, RAW: _raw(names), INCOMING: set[str]()}
    return [one.key for one in files if one.name not in needed[one.folder]]


def _known(names: set[str]) -> set[str]:
    of_reviews = session().scalars(select(Media.name).where(Media.name.in_(names)))
    of_products = session().scalars(select(ProductPicture.name).where(ProductPicture.name.in_(names)))
    logos = session().scalars(select(MailStyle.logo_name).where(MailStyle.logo_name.in_(names)))
    return {*of_reviews, *of_products, *logos}


def _raw(names: set[str]) -> set[str]:
    """Whose original waits or is kept."""
    needs = or_(Media.has_original, Media.state == MediaState.UPLOADED)
    return set(session().scalars(select(Media.name).where(Media.name.in_(names), needs)))
