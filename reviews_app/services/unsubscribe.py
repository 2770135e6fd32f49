"""A buyer says no to further requests."""

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.customer import Customer


def unsubscribe(session: Session, customer: Customer, *, clock: Clock) -> None:
    """No request goes to this address any more; the second time changes nothing."""
    if customer.unsubscribed_at is None:
        customer.unsubscribed_at = clock()
    session.flush()
