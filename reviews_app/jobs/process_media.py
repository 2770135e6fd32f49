"""RQ's edge of a picture."""

from uuid import UUID

from reviews_app.jobs.run_job import job
from reviews_app.services.dispatch import process_media as dispatch


def process_media(media_id: str) -> bool:
    """Encode the picture of that id; gives whether it is ready."""
    with job("process_media", media_id) as tools:
        return dispatch.process_media(UUID(media_id), tools=tools)
