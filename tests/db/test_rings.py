"""What is to be rung for after the commit: noted once, taken once, heard by nobody without a queue."""

from sqlalchemy.orm import Session

from reviews_app.db.after_commit import Bell, Ring, is_rung, ring_after_commit, take_rings
from reviews_app.db.job_names import JobName
from reviews_app.lib.ids import new_id

MAIL, MEDIA = JobName.SEND_MAIL, JobName.PROCESS_MEDIA


def test_jobs_are_taken_in_the_order_they_were_noted_and_once() -> None:
    session, ids = Session(), [new_id() for _ in range(3)]
    ring_after_commit(session, MAIL, ids[0])
    ring_after_commit(session, MEDIA, ids[1], is_urgent=True)
    ring_after_commit(session, MAIL, ids[2])
    assert take_rings(session) == [Ring(MAIL, ids[0]), Ring(MEDIA, ids[1], is_urgent=True), Ring(MAIL, ids[2])]
    assert take_rings(session) == []


def test_a_job_is_noted_whatever_row_it_is_for_and_in_its_own_session_alone() -> None:
    mine, theirs = Session(), Session()
    assert not is_rung(mine, MAIL)
    ring_after_commit(mine, MAIL, new_id())
    assert (is_rung(mine, MAIL), is_rung(mine, MEDIA), is_rung(theirs, MAIL)) == (True, False, False)
    take_rings(mine)
    assert not is_rung(mine, MAIL)


def test_without_a_queue_nobody_hears_and_nothing_breaks() -> None:
    assert Bell("").ring([Ring(MAIL, new_id())]) == 0


def test_a_queue_that_is_down_takes_nothing_and_breaks_nothing() -> None:
    assert Bell("redis://127.0.0.1:9/0").ring([Ring(MAIL, new_id()), Ring(MEDIA, new_id())]) == 0
