"""`flask worker QUEUE`: one process that reads one queue and forks for each job."""

import gc
import importlib
import os
import signal
import time
from contextlib import suppress

import click
import redis
import structlog
from flask import current_app
from flask.cli import with_appcontext
from rq import Queue, Worker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from reviews_app.cli.command import Command
from reviews_app.db.database import close_connections, drop_inherited_connections
from reviews_app.db.job_names import QUEUE_OF, QueueName
from reviews_app.jobs.run_job import tools_of
from reviews_app.lib.sealed import SealBroken
from reviews_app.services.dispatch.rehearse import rehearse

# An idle worker wakes every 20 s and looks after what a killed one left (measured: the defaults take minutes).
WORKER_TTL = 35
MAINTENANCE_SECONDS = 30
REDIS_AWAY_SECONDS = 1.0
# RQ doubles its wait for a queue that is away up to a minute; reviews should not wait that long once it is back.
LONGEST_REDIS_WAIT = 5.0

log = structlog.get_logger()


@click.command("worker", cls=Command)
@click.argument("queue", type=click.Choice([str(name) for name in QueueName]))
@click.option("--burst", is_flag=True, help="Stop when the queue is empty.")
@with_appcontext
def worker(queue: str, *, burst: bool) -> None:
    """Work on one QUEUE until stopped. One queue a worker: a worker of two loses a popped job when it is killed."""
    url = tools_of(current_app).settings.redis_url
    if not url:
        raise click.ClickException("REDIS_URL is not set. Set it, or send what is due with: flask drain")
    import_jobs(QueueName(queue))
    make_ready(QueueName(queue))
    os.register_at_fork(after_in_child=drop_inherited_connections)
    while not work(url, QueueName(queue), burst=burst):
        log.warning("the queue went away; the worker begins anew")


def work(url: str, queue: QueueName, *, burst: bool) -> bool:
    """Work until told to stop (true), or until RQ gives up because its queue is gone (false)."""
    connection = wait_for_redis(url)
    with suppress(redis.RedisError):
        worker = new_worker(connection, queue)
        with suppress(redis.RedisError):
            worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")
        return burst or was_told_to_stop(worker)
    return False


def was_told_to_stop(worker: Worker) -> bool:
    """RQ returns the same way when it was told to stop and when it gave up; its second signal handler tells which.

    The handlers are put back: while we wait for the queue a signal must simply end us.
    """
    told = signal.getsignal(signal.SIGTERM) == worker.request_force_stop
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return told


def new_worker(connection: "redis.Redis", queue: QueueName) -> Worker:
    """A fork worker of one queue, by JSON."""
    worker = Worker(
        [Queue(queue, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_SECONDS,
        log_job_description=False,
    )
    worker.max_connection_wait_time = LONGEST_REDIS_WAIT
    return worker


def import_jobs(queue: QueueName) -> None:
    """Import before forking, so that no child pays for it."""
    for job, waits_in in QUEUE_OF.items():
        if waits_in is queue:
            importlib.import_module(str(job).rpartition(".")[0])


def make_ready(queue: QueueName) -> None:
    """What every child would work out for itself is worked out here, once. Without a database it is left to them."""
    if queue is QueueName.KUSTOMER:
        try:
            rehearse(tools=tools_of(current_app))
        except (SQLAlchemyError, SealBroken) as failure:
            log.warning("nothing was rehearsed", failure=type(failure).__name__)
        close_connections()
    gc.collect()
    # What is here now stays: the collector of a child need not look at it, and so copies no page of it.
    gc.freeze()


def wait_for_redis(url: str) -> "redis.Redis":
    """A connection to a server that answers; waits for as long as it takes."""
    connection = redis.Redis.from_url(url)
    while True:
        try:
            connection.ping()
        except redis.RedisError:
            time.sleep(REDIS_AWAY_SECONDS)
        else:
            return connection
