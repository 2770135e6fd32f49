"""A buyer says no to further requests, or changes their mind."""

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.customer import Customer
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.suppress_address import lift_suppression, suppress_address


def unsubscribe(session: Session, customer: Customer, *, clock: Clock) -> bool:
    """No request of this store goes to the address any more; gives whether it is news."""
    return suppress_address(session, customer.store_id, customer.email, SuppressionReason.UNSUBSCRIBED, clock=clock)


def subscribe_again(session: Session, customer: Customer) -> bool:
    """The buyer may be asked again; what came back or was marked as spam stays so. Gives whether they had said no."""
    return lift_suppression(session, customer.store_id, customer.email, SuppressionReason.UNSUBSCRIBED)
