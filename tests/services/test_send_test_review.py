import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.config import Settings
from reviews_app.db.after_commit import take_rings
from reviews_app.lib.ids import new_id
from reviews_app.models.delivery import DeliveryKind
from reviews_app.models.review import Review
from reviews_app.services.freeze_body import freeze_body
from reviews_app.services.send_test_review import NothingToTest, send_test_review
from reviews_app.services.tools import make_tools
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


def test_a_test_is_a_row_with_an_event_id_of_its_own_and_no_review(session: Session, clock: FakeClock) -> None:
    store = make_store(session)
    destination = make_destination(session, store)
    rows = [
        send_test_review(session, destination, email="me@example.com", clock=clock, make_id=new_id) for _ in range(2)
    ]
    assert [row.kind for row in rows] == [DeliveryKind.TEST] * 2
    assert rows[0].id != rows[1].id
    assert [ring.row_id for ring in take_rings(session)] == [row.id for row in rows]
    assert session.scalars(select(Review)).all() == []


def test_its_title_says_that_it_may_be_deleted_and_its_product_is_real(
    session: Session, clock: FakeClock, settings: Settings
) -> None:
    store = make_store(session)
    make_product(session, store)
    row = send_test_review(
        session, make_destination(session, store), email="me@example.com", clock=clock, make_id=new_id
    )
    body = freeze_body(session, row, {}, addresses=make_tools(settings).addresses).decode()
    assert '"title":"Test from Larkspur: safe to delete"' in body
    assert '"reviewerEmail":"me@example.com"' in body
    assert '"productId":"larkspur-ridge-daypack"' in body


def test_without_a_key_there_is_nothing_to_test(session: Session, clock: FakeClock) -> None:
    destination = make_destination(session, make_store(session))
    destination.api_key = None
    with pytest.raises(NothingToTest):
        send_test_review(session, destination, email="me@example.com", clock=clock, make_id=new_id)
