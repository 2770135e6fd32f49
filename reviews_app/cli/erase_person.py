"""`flask erase-person`: a person asks to be forgotten by a store."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from reviews_app.cli.command import Command
from reviews_app.db.database import transaction
from reviews_app.jobs.run_job import tools_of
from reviews_app.models.store import Store
from reviews_app.services.erase_person import erase_person as erase


@click.command("erase-person", cls=Command)
@click.argument("slug")
@click.argument("email")
@with_appcontext
def erase_person(slug: str, email: str) -> None:
    """Blank what EMAIL left at the store SLUG and cancel what was not sent. Kustomer keeps its own copy."""
    with transaction() as writing:
        store = writing.scalar(select(Store).where(Store.slug == slug))
        if store is None:
            raise click.ClickException(f"There is no store named {slug}.")
        done = erase(writing, store, email, clock=tools_of(current_app).clock)
    click.echo(f"reviews blanked: {done.reviews}")
    click.echo(f"deliveries cancelled: {done.deliveries_cancelled}")
    click.echo(f"customers forgotten: {done.customers}")
    click.echo("What Kustomer has already must be erased there.")
