from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from reviews_app.models.delivery import Delivery
from reviews_app.services.reconcile import reconcile, reviews_without_row
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


def test_a_lost_row_is_found_and_made_again_under_the_same_event_id(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    make_destination(session, store)
    review = leave_review(session, store, make_product(session, store), clock=clock)
    session.flush()
    before = session.scalars(select(Delivery.id)).one()
    assert reviews_without_row(session) == []
    session.execute(delete(Delivery))
    assert reviews_without_row(session) == [review]
    assert reconcile(session, clock=clock) == 1
    session.flush()
    assert session.scalars(select(Delivery.id)).one() == before
    assert reconcile(session, clock=clock) == 0


def test_a_review_left_while_off_is_not_lost(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    leave_review(session, store, make_product(session, store), clock=clock)
    session.flush()
    assert reviews_without_row(session) == []
