"""RQ's edge of a delivery."""

from uuid import UUID

from reviews_app.jobs.run_job import job, outgoing_http
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer


def send_review_to_kustomer(delivery_id: str) -> int:
    """Send the delivery of that id; gives how many arrived with it."""
    with job("send_review_to_kustomer", delivery_id) as tools:
        return send_to_kustomer(UUID(delivery_id), tools=tools, http=outgoing_http(tools))
