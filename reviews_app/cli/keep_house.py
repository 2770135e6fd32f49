"""Commands an operator runs by hand; each is safe to run twice."""

import click
from cryptography.fernet import Fernet
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from reviews_app.cli.command import Command
from reviews_app.db.database import session, transaction
from reviews_app.jobs.run_job import tools_of
from reviews_app.lib.sealed import SealBroken
from reviews_app.models.product import Product
from reviews_app.services.reconcile import reconcile as reconcile_rows
from reviews_app.services.reconcile import reviews_without_row
from reviews_app.services.roll_up_ratings import recount as recount_product
from reviews_app.services.rotate_keys import rotate_keys as rotate


@click.command("reconcile", cls=Command)
@with_appcontext
def reconcile() -> None:
    """Report reviews that are due to Kustomer and have no delivery, and recreate the rows."""
    lost = [str(review.id) for review in reviews_without_row(session())]
    click.echo(f"reviews without a delivery: {len(lost)}")
    for review_id in lost:
        click.echo(f"  {review_id}")
    with transaction() as writing:
        made = reconcile_rows(writing, clock=tools_of(current_app).clock)
    click.echo(f"deliveries recreated: {made}")


@click.command("recount", cls=Command)
@with_appcontext
def recount() -> None:
    """Count every product's ratings anew from its published reviews."""
    products = session().execute(select(Product.store_id, Product.id)).all()
    for store_id, product_id in products:
        with transaction() as writing:
            recount_product(writing, store_id=store_id, product_id=product_id)
    click.echo(f"products recounted: {len(products)}")


@click.command("rotate-keys", cls=Command)
@with_appcontext
def rotate_keys() -> None:
    """Seal every secret anew with the first of ENCRYPTION_KEYS; afterwards the others may go."""
    try:
        with transaction() as writing:
            changed = rotate(writing, keyring=tools_of(current_app).keyring)
    except SealBroken as broken:
        raise click.ClickException(f"Nothing was changed: a secret is {broken}.") from None
    click.echo(f"secrets sealed anew: {changed}")


@click.command("new-encryption-key", cls=Command)
def new_encryption_key() -> None:
    """Print a fresh key for ENCRYPTION_KEYS."""
    click.echo(Fernet.generate_key().decode())
