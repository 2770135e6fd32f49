"""A buyer says how often they may be asked: as usual, once an order, or not at all."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.customer import Customer
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.suppress_address import lift_suppression, suppress_address


class AskedHow(StrEnum):
    """What a buyer chose for one store."""

    AS_USUAL = "as_usual"
    ONCE = "once"
    NEVER = "never"


def unsubscribe(session: Session, customer: Customer, *, clock: Clock) -> bool:
    """No request of this store goes to the address any more; gives whether it is news."""
    return suppress_address(session, customer.store_id, customer.email, SuppressionReason.UNSUBSCRIBED, clock=clock)


def subscribe_again(session: Session, customer: Customer) -> bool:
    """The buyer may be asked again; what came back or was marked as spam stays so. Gives whether they had said no."""
    return lift_suppression(session, customer.store_id, customer.email, SuppressionReason.UNSUBSCRIBED)


def choose_how_asked(session: Session, customer: Customer, how: AskedHow, *, address: str, clock: Clock) -> None:
    """Keep the choice of whoever reads the mails of that address; the same one twice changes nothing.

    A customer whose address was corrected since has not chosen anything.
    """
    if address != customer.email:
        _choose_for_stranger(session, customer.store_id, how, address=address, clock=clock)
    elif how is AskedHow.NEVER:
        unsubscribe(session, customer, clock=clock)
    else:
        subscribe_again(session, customer)
        customer.no_reminders_at = (customer.no_reminders_at or clock()) if how is AskedHow.ONCE else None
    session.flush()


def _choose_for_stranger(session: Session, store_id: UUID, how: AskedHow, *, address: str, clock: Clock) -> None:
    """Nothing is known of them but the address: the mails stop, or may go on."""
    if how is AskedHow.NEVER:
        suppress_address(session, store_id, address, SuppressionReason.UNSUBSCRIBED, clock=clock)
    else:
        lift_suppression(session, store_id, address, SuppressionReason.UNSUBSCRIBED)
