"""The bell: jobs handed to RQ once their rows are committed.

Losing a ring loses nothing, because a sweep finds the rows. So no shopper waits for Redis: short
timeouts, no retries, the rest is dropped at the first failure, and after one the bell stays quiet for a while.
"""

import time
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy.orm import Session

from reviews_app.db.job_names import QUEUE_OF, TIME_LIMIT, JobName

RINGS = "rings"
SOCKET_SECONDS = 0.1
QUIET_SECONDS = 2.0
RESULT_SECONDS = 60
FAILURE_SECONDS = 24 * 3600

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ring:
    """One job to start: its name and the id of the row it is about; an urgent one goes before all that wait."""

    job: JobName
    row_id: UUID
    is_urgent: bool = False


def ring_after_commit(session: Session, job: JobName, row_id: UUID, *, is_urgent: bool = False) -> None:
    """Note a job; `transaction()` rings for it after its commit."""
    session.info.setdefault(RINGS, []).append(Ring(job, row_id, is_urgent))


def is_rung(session: Session, job: JobName) -> bool:
    """Whether that job is noted already, whatever row for."""
    return any(one.job is job for one in session.info.get(RINGS, []))


def take_rings(session: Session) -> list[Ring]:
    """What was noted in this session, once."""
    return cast("list[Ring]", session.info.pop(RINGS, []))


class Bell:
    """Hands jobs to RQ over one Redis address; an empty address is a bell nobody hears (web-only mode)."""

    def __init__(self, redis_url: str) -> None:
        self._redis = quick_redis(redis_url) if redis_url else None
        self._queues: dict[str, Queue] = {}
        self._quiet_until = 0.0

    def ring(self, rings: list[Ring]) -> int:
        """Enqueue; gives how many were taken. Never raises for a queue that is down."""
        if self._redis is None or time.monotonic() < self._quiet_until:
            return 0
        taken = 0
        try:
            for one in rings:
                self._enqueue(one)
                taken += 1
        except redis.RedisError as failure:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("bell not heard", left=len(rings) - taken, failure=type(failure).__name__)
        return taken

    def _enqueue(self, one: Ring) -> None:
        queue = self._queue(QUEUE_OF[one.job])
        queue.enqueue_call(
            str(one.job),
            args=(str(one.row_id),),
            timeout=TIME_LIMIT[one.job],
            result_ttl=RESULT_SECONDS,
            failure_ttl=FAILURE_SECONDS,
            at_front=one.is_urgent,
        )

    def _queue(self, name: str) -> Queue:
        if name not in self._queues:
            self._queues[name] = Queue(name, connection=cast("Any", self._redis), serializer=JSONSerializer)
        return self._queues[name]


def quick_redis(url: str) -> "redis.Redis":
    """A client that gives up after a tenth of a second and never tries again by itself."""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=SOCKET_SECONDS,
        socket_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )
