from pathlib import Path
from uuid import UUID

from rq import Queue as Jobs
from rq.serializers import JSONSerializer

from reviews_app.db.after_commit import Bell, Ring
from reviews_app.db.job_names import JobName, QueueName
from tests.fakes.queue import running_queue

JOB = JobName.SEND_REVIEW_TO_KUSTOMER
FIRST, SECOND, URGENT = (UUID(int=place) for place in (1, 2, 3))


def test_bells_are_heard_in_their_order_and_an_urgent_one_before_all_that_wait() -> None:
    with running_queue() as queue:
        bell = Bell(queue.url)
        assert bell.ring([Ring(JOB, FIRST), Ring(JOB, SECOND)]) == 2
        assert bell.ring([Ring(JOB, URGENT, is_urgent=True)]) == 1
        jobs = Jobs(QueueName.KUSTOMER, connection=queue.client(), serializer=JSONSerializer).jobs
        assert [list(job.args) for job in jobs] == [[str(URGENT)], [str(FIRST)], [str(SECOND)]]


def test_a_queue_that_is_away_costs_nothing_and_is_left_alone_for_a_while(tmp_path: Path) -> None:
    bell = Bell(f"unix://{tmp_path / 'nobody.sock'}")
    assert bell.ring([Ring(JOB, FIRST), Ring(JOB, SECOND)]) == 0
    with running_queue() as queue:
        assert Bell(queue.url).ring([Ring(JOB, FIRST)]) == 1


def test_without_an_address_nobody_hears_it() -> None:
    assert Bell("").ring([Ring(JOB, FIRST)]) == 0
