"""Removes the files of what no review holds, then its row: killed in between, the next sweep begins anew."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.media.keeper import StorageAway
from reviews_app.models.media import Media
from reviews_app.services.sweep_media import nobodys
from reviews_app.services.tools import Tools

log = structlog.get_logger()


def remove_media(media_id: UUID, *, tools: Tools) -> bool:
    """Remove one; gives whether it is gone. A storage that is away is asked again by the sweep."""
    name = _claim(media_id, tools.clock())
    if name is None:
        return False
    try:
        tools.storage.drop(name)
    except StorageAway as trouble:
        log.warning("media storage away", media=str(media_id), trouble=str(trouble))
        return False
    with transaction() as writing:
        alone = select(Media).where(Media.id == media_id, Media.review_id.is_(None))
        if (row := writing.scalar(alone.with_for_update())) is not None:
            writing.delete(row)
    return True


def remove_all_media(*, tools: Tools) -> int:
    """Every one that is to go, here and now; gives how many went."""
    going = session().scalars(select(Media.id).where(nobodys(tools.clock()))).all()
    return sum(remove_media(media_id, tools=tools) for media_id in going)


def _claim(media_id: UUID, now: datetime) -> str | None:
    """Its name, once no form can take it up any more."""
    with transaction() as writing:
        row = writing.scalar(select(Media).where(Media.id == media_id, nobodys(now)).with_for_update())
        if row is None:
            return None
        row.let_go()
        return row.name
