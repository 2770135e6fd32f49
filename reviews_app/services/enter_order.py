"""Takes in an order a merchant typed: the same merge as every other door's, but nothing is changed unasked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.models.order import Order
from reviews_app.models.order_report import OrderReport
from reviews_app.models.store import Store
from reviews_app.queries.order_list import find_typed_order
from reviews_app.services.put_apart import put_apart
from reviews_app.services.record_order import RecordedOrder, record_order
from reviews_app.services.take_turn import take_turn


class NumberKnown(Exception):
    """The store has an order of this number; it may be updated where no shop system knows it by an id of its own."""

    def __init__(self, number: str, *, may_be_updated: bool) -> None:
        super().__init__(number)
        self.may_be_updated = may_be_updated
        self.words = (
            f"Order {number} is here already. Choose another number, or update it."
            if may_be_updated
            else f"Order {number} is here already: your shop told of it, and tells what becomes of it."
        )


def enter_order(session: Session, store: Store, report: OrderReport, *, updates: bool, clock: Clock) -> RecordedOrder:
    """Record it; its number is its id. `updates`: one that is here already takes what was typed.

    Raises NumberKnown, and ReportRefused for what the database refuses.
    """
    take_turn(session, store)
    numbered = select(Order.shop_id).where(Order.store_id == store.id, Order.number == report.number)
    others = set(session.scalars(numbered))
    may_be_updated = find_typed_order(session, store, report.shop_id) is not None
    if (may_be_updated or others) and not (may_be_updated and updates):
        raise NumberKnown(report.number or report.shop_id, may_be_updated=may_be_updated)
    with put_apart(session, store):
        return record_order(session, store, report, clock=clock)
