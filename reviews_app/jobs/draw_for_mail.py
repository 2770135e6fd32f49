"""RQ's edge of what mails show of a product."""

from uuid import UUID

from reviews_app.jobs.run_job import job
from reviews_app.services.dispatch import draw_for_mail as dispatch


def draw_for_mail(picture_id: str) -> bool:
    """Draw the picture of that id for mails; gives whether they show it."""
    with job("draw_for_mail", picture_id) as tools:
        return dispatch.draw_for_mail(UUID(picture_id), tools=tools)
