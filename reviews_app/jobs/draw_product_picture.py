"""RQ's edge of a product's picture."""

from uuid import UUID

from reviews_app.jobs.run_job import job
from reviews_app.services.dispatch import draw_product_picture as dispatch


def draw_product_picture(upload_id: str) -> bool:
    """Draw the picture sent under that id anew; gives whether it shows."""
    with job("draw_product_picture", upload_id) as tools:
        return dispatch.draw_product_picture(UUID(upload_id), tools=tools)
