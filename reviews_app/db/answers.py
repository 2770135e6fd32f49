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
from reviews_app.db.job_names import QueueName


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


def queue_depths(redis_url: str) -> dict[str, int]:
    """How many jobs wait in each queue; empty without a queue that answers."""
    if not redis_url:
        return {}
    try:
        client = quick_redis(redis_url)
        depths = {str(name): int(client.llen(f"rq:queue:{name}")) for name in QueueName}
        client.close()
    except redis.RedisError:
        return {}
    return depths


def queues_without_worker(redis_url: str) -> list[QueueName]:
    """The queues nobody works on; none when the queue does not answer. A killed worker's key runs out."""
    try:
        client = quick_redis(redis_url)
        listed = client.pipeline(transaction=False)
        for name in QueueName:
            listed.smembers(f"rq:workers:{name}")
        workers = dict(zip(QueueName, listed.execute(), strict=True))
        alive = client.pipeline(transaction=False)
        for keys in workers.values():
            alive.exists("nobody", *keys)
        counts = dict(zip(QueueName, alive.execute(), strict=True))
        client.close()
    except redis.RedisError:
        return []
    return [name for name in QueueName if not counts[name]]


@cache
def heads(migrations: str) -> frozenset[str]:
    """The last step of the migrations folder; read once."""
    config = Config()
    config.set_main_option("script_location", migrations)
    return frozenset(ScriptDirectory.from_config(config).get_heads())
