"""RQ's edges of files that are to go."""

from uuid import UUID

from reviews_app.jobs.run_job import job
from reviews_app.services.dispatch import clear_offer as clearing
from reviews_app.services.dispatch import remove_media as dispatch
from reviews_app.services.dispatch import tidy_media as tidying


def remove_media(media_id: str) -> bool:
    """Remove the files and the row of that id; gives whether they are gone."""
    with job("remove_media", media_id) as tools:
        return dispatch.remove_media(UUID(media_id), tools=tools)


def clear_offer(offer_id: str) -> bool:
    """Clear the place in the bucket that was offered under that id; gives whether it is gone."""
    with job("clear_offer", offer_id) as tools:
        return clearing.clear_offer(UUID(offer_id), tools=tools)


def tidy_media(no_row: str) -> int:
    """Remove files without a row; gives how many."""
    with job("tidy_media", no_row) as tools:
        return tidying.tidy_media(tools=tools)
