import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import take_rings
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.media import Media, MediaState
from reviews_app.models.review import Review
from reviews_app.services.release_delivery import release_delivery
from tests.factories.destination import make_destination
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def review(session: Session, clock: FakeClock) -> Review:
    """A review with two pictures whose delivery was put off."""
    store = make_store(session)
    make_destination(session, store)
    made = leave_review(session, store, make_product(session, store), clock=clock)
    for name in ("one", "two"):
        session.add(
            Media(
                store_id=store.id,
                review_id=made.id,
                form_id="f",
                name=name,
                byte_count=1,
                created_at=clock(),
                enqueued_at=clock(),
            )
        )
    session.flush()
    session.scalars(select(Delivery)).one().next_at = clock.advance(seconds=2)
    session.flush()
    take_rings(session)
    return made


def pictures(session: Session) -> list[Media]:
    return list(session.scalars(select(Media).order_by(Media.name)))


def test_the_last_picture_lets_the_review_go(session: Session, review: Review) -> None:
    one, two = pictures(session)
    one.state = MediaState.READY
    assert not release_delivery(session, review.id)
    two.state = MediaState.FAILED
    assert release_delivery(session, review.id)
    session.expire_all()
    row = session.scalars(select(Delivery)).one()
    assert row.next_at == row.created_at
    assert [ring.row_id for ring in take_rings(session)] == [row.id]


@pytest.mark.parametrize("state", [state for state in DeliveryState if state is not DeliveryState.WAITING])
def test_what_does_not_wait_is_not_touched(session: Session, review: Review, state: DeliveryState) -> None:
    session.scalars(select(Delivery)).one().state = state
    for picture in pictures(session):
        picture.state = MediaState.READY
    assert not release_delivery(session, review.id)
    assert take_rings(session) == []


def test_a_retry_keeps_its_time(session: Session, review: Review) -> None:
    session.scalars(select(Delivery)).one().tries = 1
    for picture in pictures(session):
        picture.state = MediaState.READY
    assert not release_delivery(session, review.id)
