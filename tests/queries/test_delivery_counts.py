from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.queries.delivery_counts import DeliveryCounts, delivery_counts
from reviews_app.services.send_test_review import send_test_review
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


def test_every_review_left_is_counted_where_it_stands_and_a_missing_row_as_lost(
    session: Session, clock: FakeClock
) -> None:
    store = make_store(session)
    make_destination(session, store)
    product = make_product(session, store)
    for _ in range(len(DeliveryState) + 1):
        leave_review(session, store, product, clock=clock)
    session.flush()
    rows = session.scalars(select(Delivery)).all()
    for row, state in zip(rows, DeliveryState, strict=False):
        row.state = state
    session.flush()
    session.execute(delete(Delivery).where(Delivery.id == rows[-1].id))
    assert delivery_counts(session, store.id) == DeliveryCounts(
        left=7, delivered=1, waiting=2, held=1, failed=1, cancelled=1, lost=1, oldest_waiting=clock()
    )


def test_tests_and_other_stores_count_nowhere(session: Session, clock: FakeClock) -> None:
    store, other = make_store(session), make_store(session, "juniper")
    for one in (store, other):
        destination = make_destination(session, one)
        send_test_review(session, destination, email="me@example.com", clock=clock, make_id=new_id)
    leave_review(session, other, make_product(session, other), clock=clock)
    session.flush()
    assert delivery_counts(session, store.id).left == 0
    assert delivery_counts(session, other.id).left == 1
    assert delivery_counts(session, store.id).waiting == 0
