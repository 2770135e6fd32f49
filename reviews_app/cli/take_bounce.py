"""`flask take-bounce`: a mail server hands over what came back."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.cli.command import Command
from reviews_app.config import Settings
from reviews_app.db.database import transaction
from reviews_app.jobs.run_job import tools_of
from reviews_app.lib.bounce_address import mail_of_bounce
from reviews_app.mail.bounce import Bounce, NoBounce, read_bounce
from reviews_app.models.mail_report import MailFate, MailReport
from reviews_app.models.outgoing_mail import OutgoingMail
from reviews_app.models.store import Store
from reviews_app.services.take_bounce import take_mail_report


@click.command("take-bounce", cls=Command)
@with_appcontext
def take_bounce() -> None:
    """Read one delivery notice from standard input. What is none of a mail of ours is left; the exit is 0 always."""
    tools = tools_of(current_app)
    try:
        bounce = read_bounce(sys.stdin.buffer.read())
    except NoBounce:
        click.echo("No notice of a failed delivery.")
        return
    with transaction() as writing:
        mail = _mail_of(writing, bounce, settings=tools.settings)
        if mail is None or mail.store_id is None:
            click.echo("No mail of ours.")
            return
        store = writing.get_one(Store, mail.store_id)
        fate = MailFate.COMPLAINED if bounce.is_complaint else MailFate.BOUNCED
        report = MailReport(fate, mail.message_id, status=bounce.status, detail=bounce.detail)
        is_news = take_mail_report(writing, store, report, clock=tools.clock)
    click.echo("Taken." if is_news else "Known already.")


def _mail_of(session: Session, bounce: Bounce, *, settings: Settings) -> OutgoingMail | None:
    """By the signed address it came back to, else by the Message-ID only its sender and its reader know."""
    named = (mail_of_bounce(address, secret=settings.secret_key) for address in bounce.returned_to)
    mail_id = next((one for one in named if one is not None), None)
    if mail_id is not None:
        return session.get(OutgoingMail, mail_id)
    if settings.bounce_address or not bounce.message_id:
        return None
    return session.scalar(select(OutgoingMail).where(OutgoingMail.message_id == bounce.message_id))
