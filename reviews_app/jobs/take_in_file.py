"""RQ's edge of a file of orders or products."""

import time
from uuid import UUID

from reviews_app.db.database import session, transaction
from reviews_app.jobs.run_job import job
from reviews_app.services.take_in_file import begin_file, begin_run, put_in_step, read_kept_file
from reviews_app.services.tools import Tools

# Well below the queue's limit; the clock table rings for what is left.
SECONDS = 60.0


def take_in_file(import_id: str) -> bool:
    """Take the file of that id in; gives whether it is finished."""
    with job("take_in_file", import_id) as tools:
        return put_in_file(UUID(import_id), tools=tools)


def put_in_file(import_id: UUID, *, tools: Tools, seconds: float = SECONDS) -> bool:
    """Each step is one transaction with its count, so that a kill between two loses and doubles nothing."""
    until = time.monotonic() + seconds
    with transaction() as writing:
        if not begin_run(writing, import_id, clock=tools.clock):
            return True
    found = read_kept_file(session(), import_id, clock=tools.clock)
    if found is None:
        return True
    with transaction() as writing:
        done = begin_file(writing, import_id, found, clock=tools.clock)
    while done is not None:
        if time.monotonic() > until:
            return False
        with transaction() as writing:
            done = put_in_step(writing, import_id, found, after=done, clock=tools.clock)
    return True
