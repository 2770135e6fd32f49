"""Every row of the database as text, so that a test can say: nothing changed."""

from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import session
from reviews_app.models.tables import METADATA

Rows = dict[str, list[str]]


def rows_of(app: Flask) -> Rows:
    """Each table's rows, in one order whatever the database gives them in."""
    with app.app_context():
        reading = session()
        reading.rollback()
        return {
            table.name: sorted(repr(tuple(row)) for row in reading.execute(select(table)))
            for table in METADATA.sorted_tables
        }


def changed(before: Rows, after: Rows) -> list[str]:
    """The tables that differ."""
    return [name for name in before if before[name] != after[name]]
