"""A test review: a row and the bell, like any other; it counts nowhere."""

from datetime import timedelta

from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.clock import Clock
from reviews_app.lib.ids import NewId
from reviews_app.models.delivery import Delivery, DeliveryKind, DeliveryState, Trigger, event_id
from reviews_app.models.destination import Destination

# A merchant looks at the answer now; nobody wants a test that arrives next week.
TRIED_FOR = timedelta(minutes=10)


class NothingToTest(Exception):
    """No key or address is saved yet."""


def send_test_review(
    session: Session, destination: Destination, *, email: str, clock: Clock, make_id: NewId
) -> Delivery:
    """Plan a test to the destination with the merchant's address as reviewer. Raises NothingToTest."""
    if destination.key_in_use is None or not destination.url_in_use:
        raise NothingToTest
    now = clock()
    subject = make_id()
    row = Delivery(
        id=event_id(destination.id, subject, DeliveryKind.TEST),
        store_id=destination.store_id,
        destination_id=destination.id,
        subject_id=subject,
        kind=DeliveryKind.TEST,
        trigger=Trigger.TEST,
        test_email=email,
        state=DeliveryState.WAITING,
        next_at=now,
        enqueued_at=now,
        created_at=now,
        deadline_at=now + TRIED_FOR,
    )
    session.add(row)
    session.flush()
    ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, row.id)
    return row
