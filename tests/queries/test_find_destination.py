from datetime import timedelta

from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.delivery import Attempt, Trigger
from reviews_app.models.destination import Destination
from reviews_app.queries.find_destination import find_destination, last_test
from reviews_app.services.send_test_review import send_test_review
from tests.factories.destination import make_destination
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock


def try_a_test(session: Session, destination: Destination, clock: FakeClock, *, status: int) -> None:
    row = send_test_review(session, destination, email="kim@example.com", clock=clock, make_id=new_id)
    session.add(
        Attempt(
            store_id=destination.store_id,
            delivery_id=row.id,
            n=1,
            trigger=Trigger.TEST,
            started_at=clock(),
            finished_at=clock(),
            status=status,
            outcome="delivered" if status == 200 else "key",
            cause="",
        )
    )
    session.flush()


def test_the_newest_answer_counts(session: Session, clock: FakeClock) -> None:
    destination = make_destination(session, make_store(session))
    assert last_test(session, destination) is None
    try_a_test(session, destination, clock, status=401)
    clock.advance(minutes=1)
    try_a_test(session, destination, clock, status=200)
    found = last_test(session, destination)
    assert found is not None
    assert (found.status, found.arrived, found.at) == (200, True, START + timedelta(minutes=1))


def test_a_new_key_is_untried_whatever_the_old_one_did(session: Session, clock: FakeClock) -> None:
    destination = make_destination(session, make_store(session))
    try_a_test(session, destination, clock, status=200)
    destination.saved_at = clock.advance(seconds=1)
    session.flush()
    assert last_test(session, destination) is None


def test_another_stores_integration_is_not_found(session: Session) -> None:
    make_destination(session, make_store(session, "juniper"))
    assert find_destination(session, make_store(session)) is None
