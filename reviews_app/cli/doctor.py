"""`flask doctor`: what works and what does not, in words."""

import click
import redis
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from reviews_app.db.after_commit import quick_redis
from reviews_app.db.database import session
from reviews_app.jobs.run_job import tools_of
from reviews_app.models.delivery import Delivery
from reviews_app.models.outgoing_mail import OutgoingMail
from reviews_app.services.tools import Tools


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look at settings, database, queue and what waits."""
    tools = tools_of(current_app)
    click.echo(f"mode       {tools.settings.app_mode}, public at {tools.addresses.public}")
    click.echo(f"database   {_database()}")
    click.echo(f"queue      {_queue(tools)}")
    click.echo(f"mail       {'set' if tools.settings.smtp_url else 'SMTP_URL is not set: mails wait'}")
    for label, column in (("deliveries", Delivery.state), ("mails", OutgoingMail.state)):
        rows = session().execute(select(column, func.count()).group_by(column)).all()
        click.echo(f"{label:<11}{', '.join(f'{state} {count}' for state, count in rows) or 'none'}")


def _database() -> str:
    try:
        session().execute(text("SELECT 1"))
    except SQLAlchemyError as failure:
        return f"does not answer ({type(failure).__name__})"
    return "answers"


def _queue(tools: Tools) -> str:
    if not tools.settings.redis_url:
        return "REDIS_URL is not set: send what is due with flask drain"
    try:
        quick_redis(tools.settings.redis_url).ping()
    except redis.RedisError as failure:
        return f"does not answer ({type(failure).__name__}); nothing is lost, the sweep catches up"
    return "answers"
