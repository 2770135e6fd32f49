"""RQ's edge of a mail."""

from contextlib import closing
from uuid import UUID

from reviews_app.jobs.run_job import job
from reviews_app.mail.sender import smtp_sender
from reviews_app.services.dispatch import send_mail as dispatch


def send_mail(mail_id: str) -> bool:
    """Send the mail of that id and whatever else is due, on one line; gives whether it left."""
    with job("send_mail", mail_id) as tools, closing(smtp_sender(tools.settings.smtp_url)) as send:
        return dispatch.send_mail(UUID(mail_id), tools=tools, send=send)
