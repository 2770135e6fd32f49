"""Clears a place in the bucket that nobody can fill any more, then forgets it."""

from uuid import UUID

import structlog
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.media.keeper import StorageAway
from reviews_app.models.media_offer import MediaOffer
from reviews_app.services.media_offers import nobodys_place
from reviews_app.services.tools import Tools

log = structlog.get_logger()


def clear_offer(offer_id: UUID, *, tools: Tools) -> bool:
    """Remove what lies there and the row; gives whether it is gone. A storage that is away is asked again later."""
    with transaction() as session:
        its = (MediaOffer.id == offer_id, nobodys_place(tools.clock()))
        name = session.scalar(select(MediaOffer.name).where(*its))
    if name is None:
        return False
    try:
        tools.storage.drop_offered(name)
    except StorageAway as trouble:
        log.warning("media storage away", offer=str(offer_id), trouble=str(trouble))
        return False
    with transaction() as session:
        if (row := session.get(MediaOffer, offer_id, with_for_update=True)) is not None:
            session.delete(row)
    return True
