"""RQ's edge of a video."""

from uuid import UUID

from reviews_app.jobs.run_job import job
from reviews_app.services.dispatch import process_media as dispatch


def process_video(media_id: str) -> bool:
    """Encode the video of that id; gives whether it is ready."""
    with job("process_video", media_id) as tools:
        return dispatch.process_media(UUID(media_id), tools=tools)
