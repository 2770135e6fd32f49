from flask import Flask
from sqlalchemy import text

from reviews_app.db.answers import heads
from reviews_app.db.database import transaction


def stamp(app: Flask) -> None:
    """Mark the tables, which tests make without migrations, as up to date."""
    with app.app_context(), transaction() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        session.execute(text("DELETE FROM alembic_version"))
        for head in heads(str(app.extensions["migrate"].directory)):
            session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


def unstamp(app: Flask) -> None:
    """Make them look like those of another version."""
    with app.app_context(), transaction() as session:
        session.execute(text("DROP TABLE IF EXISTS alembic_version"))
