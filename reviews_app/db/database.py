"""The database: the only file that knows Flask-SQLAlchemy, and the only one that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask, current_app, has_request_context
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import Bell, take_rings
from reviews_app.db.postgres import CONNECT_ARGS, prepare_postgres
from reviews_app.db.shown_changes import forget_shown_changes, stamp_shown_changes, watch_shown_changes
from reviews_app.db.sqlite import IMMEDIATE, prepare_sqlite
from reviews_app.models.base import Base
from reviews_app.models.tables import METADATA

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
watch_shown_changes(db.session)

BELL = "bell"
OPEN = "transaction_open"


class TransactionNested(Exception):
    """A transaction was opened inside another: jobs would leave before the outer commit."""


def open_database(app: Flask, *, url: str, redis_url: str, migrations: str) -> None:
    """Join the database and the bell to the application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    db.metadatas[None] = METADATA
    migrate.init_app(app, db, directory=migrations)
    app.extensions[BELL] = Bell(redis_url)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
        else:
            prepare_postgres(db.engine, is_page=has_request_context)


def _engine_options(url: str) -> dict[str, Any]:
    """Parameters are hidden from errors: a log would hold what a shopper wrote."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"check_same_thread": False}}
    # A lost connection is noticed before use.
    return {"pool_pre_ping": True, "pool_size": 10, "connect_args": CONNECT_ARGS, "hide_parameters": True}


def session() -> Session:
    """This context's session, for reading; it ends with the request, job or command."""
    return cast("Session", db.session())


def engine() -> Engine:
    """The engine of the application in context."""
    return db.engine


@contextmanager
def transaction() -> Iterator[Session]:
    """One visible transaction: ends what was read before, stamps what shows, commits, rings for the jobs noted inside.

    Rows read before are read again on their next use, under the lock. Raises TransactionNested inside another.
    """
    current = session()
    if current.info.get(OPEN):
        raise TransactionNested
    current.rollback()
    forget_shown_changes(current)
    current.info[OPEN] = True
    try:
        current.connection(execution_options={IMMEDIATE: True})
        yield current
        stamp_shown_changes(current)
        current.commit()
    except BaseException:
        take_rings(current)
        forget_shown_changes(current)
        current.rollback()
        raise
    finally:
        current.info.pop(OPEN, None)
    rings = take_rings(current)
    if rings:
        bell().ring(rings)


def bell() -> Bell:
    """The application's bell."""
    return cast("Bell", current_app.extensions[BELL])


def drop_inherited_connections() -> None:
    """In a freshly forked child: forget the parent's sockets without closing them for the parent."""
    db.engine.dispose(close=False)


def dispose_database(app: Flask) -> None:
    """Close every connection of an application that is no longer used."""
    with app.app_context():
        close_connections()


def close_connections() -> None:
    """End this context's session and close every connection; the next use opens new ones."""
    db.session.remove()
    db.engine.dispose()


def begin_for_library() -> None:
    """Before Flask-Security reads what it will write: under the lock from the start, like every transaction."""
    current = session()
    current.rollback()
    current.connection(execution_options={IMMEDIATE: True})


def commit_for_library() -> None:
    """Flask-Security commits at the end of its own requests; nobody else may call this."""
    session().commit()
