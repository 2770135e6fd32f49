"""`flask create-store`: a store and the link its owner signs up by."""

import click
from babel.numbers import list_currencies
from flask import current_app
from flask.cli import with_appcontext

from reviews_app.cli.command import Command
from reviews_app.db.database import transaction
from reviews_app.jobs.run_job import tools_of
from reviews_app.services.create_store import (
    LANGUAGES,
    SlugRefused,
    SlugTaken,
    StoreDetails,
    sign_up_link_token,
)
from reviews_app.services.create_store import create_store as create


def known_currency(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Its code in capitals; refused in words when there is none such."""
    code = value.upper()
    if code not in list_currencies():
        raise click.BadParameter(f"{value!r} is no currency code such as EUR")
    return code


@click.command("create-store", cls=Command)
@click.argument("slug")
@click.option("--name", default="", help="The shop's name; the short name when left out.")
@click.option(
    "--language", "languages", type=click.Choice(LANGUAGES), multiple=True, default=("en",), show_default=True
)
@click.option("--currency", callback=known_currency, default="USD", show_default=True)
@with_appcontext
def create_store(slug: str, *, name: str, languages: tuple[str, ...], currency: str) -> None:
    """Open a store under the short name SLUG and print a one-time link for its owner."""
    tools = tools_of(current_app)
    details = StoreDetails(name=name or slug.replace("-", " ").title(), languages=languages, currency=currency)
    try:
        with transaction() as session:
            store = create(session, slug, details, clock=tools.clock, make_id=tools.make_id)
            token = sign_up_link_token(session, store, clock=tools.clock)
    except SlugTaken:
        raise click.ClickException(f"There is a store named {slug} already.") from None
    except SlugRefused:
        raise click.ClickException("The short name may hold small letters, digits and hyphens, 50 at most.") from None
    click.echo(f"Store {slug} is open. Its owner signs up here, once, within 7 days:")
    click.echo(tools.addresses.invitation(token))
