"""Whether the parts below us answer: asked by health checks, so quickly and without raising."""

from functools import cache

import redis
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import quick_redis


def database_answers(session: Session) -> bool:
    """Whether a statement comes back."""
    try:
        session.rollback()
        session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def is_migrated(session: Session, migrations: str) -> bool:
    """Whether the tables are those this code was written for."""
    try:
        standing = MigrationContext.configure(session.connection()).get_current_heads()
    except SQLAlchemyError:
        return False
    return set(standing) == heads(migrations)


def queue_answers(redis_url: str) -> bool:
    """Whether the queue answers within a tenth of a second."""
    try:
        client = quick_redis(redis_url)
        client.ping()
        client.close()
    except redis.RedisError:
        return False
    return True


@cache
def heads(migrations: str) -> frozenset[str]:
    """The last step of the migrations folder; read once."""
    config = Config()
    config.set_main_option("script_location", migrations)
    return frozenset(ScriptDirectory.from_config(config).get_heads())
