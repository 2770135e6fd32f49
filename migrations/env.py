"""Runs migrations on the application's own engine."""

from typing import Any

from alembic import context
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator

from reviews_app.cli.command import database_trouble
from reviews_app.db.database import engine
from reviews_app.models.tables import METADATA


def plain_types(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write a column type of ours as the plain one beneath it, so that old migrations never change with the code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run() -> None:
    """Bring the schema up over one connection; SQLite rebuilds a table where it cannot alter it."""
    try:
        connected = engine().connect()
    except OperationalError as failure:
        raise SystemExit(f"Error: {database_trouble(failure)}") from None
    with connected as connection:
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=plain_types,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
