"""RQ's edge of a bulk send."""

from uuid import UUID

from reviews_app.db.database import transaction
from reviews_app.jobs.run_job import job
from reviews_app.services.continue_bulk_send import continue_bulk_send as continue_it


def continue_bulk_send(bulk_id: str) -> int:
    """Plan the next reviews of that bulk send; gives how many."""
    with job("continue_bulk_send", bulk_id) as tools, transaction() as session:
        return continue_it(session, UUID(bulk_id), clock=tools.clock)
