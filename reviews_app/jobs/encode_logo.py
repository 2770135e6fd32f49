"""RQ's edge of a logo."""

from uuid import UUID

from reviews_app.jobs.run_job import job
from reviews_app.services.dispatch import encode_logo as dispatch


def encode_logo(style_id: str) -> bool:
    """Draw the logo of that style anew; gives whether it is ready."""
    with job("encode_logo", style_id) as tools:
        return dispatch.encode_logo(UUID(style_id), tools=tools)
