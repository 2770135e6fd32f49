from importlib import import_module

from reviews_app.db.job_names import QUEUE_OF, TIME_LIMIT, JobName, QueueName


def test_every_job_name_resolves_to_a_function() -> None:
    for job in JobName:
        module, _, function = str(job).rpartition(".")
        assert callable(getattr(import_module(module), function))


def test_every_job_has_a_queue_and_a_time_limit() -> None:
    assert set(QUEUE_OF) == set(JobName)
    assert set(TIME_LIMIT) == set(JobName)


def test_every_queue_has_a_job() -> None:
    assert set(QUEUE_OF.values()) == set(QueueName)
