"""RQ's edge of a look at a sender's domain."""

from uuid import UUID

from reviews_app.jobs.run_job import job
from reviews_app.mail.dns_records import txt_lookup
from reviews_app.services.dispatch import check_sender as dispatch


def check_sender(sender_id: str) -> bool:
    """Look the domain of that sender up; gives whether it was noted."""
    with job("check_sender", sender_id) as tools:
        return dispatch.check_sender(UUID(sender_id), tools=tools, look_up=txt_lookup(tools.settings.dns_server))
