"""`flask drain`: everything due leaves now, without Redis or a worker."""

from contextlib import closing

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from reviews_app.cli.command import Command
from reviews_app.db.database import session, transaction
from reviews_app.jobs.run_job import outgoing_http, tools_of
from reviews_app.jobs.take_in_file import put_in_file
from reviews_app.mail.sender import smtp_sender
from reviews_app.models.bulk_send import BulkSend
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.file_import import UNFINISHED, FileImport
from reviews_app.models.media import Media, MediaState
from reviews_app.services.continue_bulk_send import continue_bulk_send
from reviews_app.services.dispatch.process_media import process_media
from reviews_app.services.dispatch.remove_media import remove_all_media
from reviews_app.services.dispatch.send_mail import send_due_mails
from reviews_app.services.dispatch.send_to_kustomer import send_to_kustomer
from reviews_app.services.dispatch.settle_posts import settle_posts
from reviews_app.services.sweep_deliveries import sweep_deliveries
from reviews_app.services.tools import Tools

# A day: nobody rings for the rest.
ALL_THE_TIME = 86_400.0


@click.command("drain", cls=Command)
@with_appcontext
def drain() -> None:
    """Send every delivery and mail that is due; pictures and files first, for they are told of."""
    tools = tools_of(current_app)
    click.echo(f"pictures and videos made: {make_media(tools)}")
    with transaction() as writing:
        settle_posts(writing, tools=tools)
        sweep_deliveries(writing, now=tools.clock())
    plan_bulk_sends(tools)
    click.echo(f"files taken in: {take_in_files(tools)}")
    click.echo(f"deliveries arrived: {drain_deliveries(tools)}")
    click.echo(f"mails sent: {drain_mails(tools)}")


def take_in_files(tools: Tools) -> int:
    """Take in every file of orders or products that waits; gives how many."""
    waiting = session().scalars(select(FileImport.id).where(FileImport.state.in_(UNFINISHED))).all()
    return sum(put_in_file(import_id, tools=tools, seconds=ALL_THE_TIME) for import_id in waiting)


def make_media(tools: Tools) -> int:
    """Encode what waits and remove what is to go; gives how many were made."""
    waiting = session().scalars(select(Media.id).where(Media.state == MediaState.UPLOADED)).all()
    made = sum(process_media(media_id, tools=tools) for media_id in waiting)
    remove_all_media(tools=tools)
    return made


def plan_bulk_sends(tools: Tools) -> None:
    """Put everything that was asked for in bulk on its way."""
    for bulk_id in session().scalars(select(BulkSend.id).where(BulkSend.finished_at.is_(None))).all():
        done = 1
        while done:
            with transaction() as writing:
                done = continue_bulk_send(writing, bulk_id, clock=tools.clock)


def drain_deliveries(tools: Tools) -> int:
    """Send due deliveries, each once; gives how many arrived."""
    http = outgoing_http(tools)
    arrived = 0
    due = select(Delivery.id).where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= tools.clock())
    for delivery_id in session().scalars(due.order_by(Delivery.next_at)).all():
        arrived += send_to_kustomer(delivery_id, tools=tools, http=http)
    return arrived


def drain_mails(tools: Tools) -> int:
    """Send due mails, each once; gives how many left."""
    session().rollback()
    with closing(smtp_sender(tools.settings.smtp_url)) as send:
        return len(send_due_mails(tools=tools, send=send, seconds=ALL_THE_TIME))
