"""A store's orders with how their requests stand."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from reviews_app.models.order import Order, OrderLine
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound

PAGE = 25


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order and its newest request, if one was sent."""

    order: Order
    request: ReviewRequest | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """25 orders and the id to go on after."""

    rows: list[OrderRow]
    next_after: UUID | None


def order_page(session: Session, store: Store, *, after: str) -> OrderPage:
    """The newest first."""
    mine = select(Order).where(Order.store_id == store.id)
    last = _last(session, store, after)
    if last is not None:
        mine = mine.where(Order.placed_at < last.placed_at)
    parts = (joinedload(Order.customer), selectinload(Order.lines).joinedload(OrderLine.product))
    orders = session.scalars(mine.options(*parts).order_by(Order.placed_at.desc()).limit(PAGE + 1)).all()
    shown = list(orders[:PAGE])
    requests = _requests(session, store, [order.id for order in shown])
    return OrderPage(
        rows=[OrderRow(order, requests.get(order.id)) for order in shown],
        next_after=shown[-1].id if len(orders) > PAGE else None,
    )


def find_order(session: Session, store: Store, order_id: UUID) -> Order:
    """One order of a store; raises NotFound, another store's counts as absent."""
    found = session.scalar(select(Order).where(Order.store_id == store.id, Order.id == order_id))
    if found is None:
        raise NotFound
    return found


def _requests(session: Session, store: Store, order_ids: list[UUID]) -> dict[UUID, ReviewRequest]:
    sent = (
        select(ReviewRequest)
        .where(ReviewRequest.store_id == store.id, ReviewRequest.order_id.in_(order_ids))
        .options(joinedload(ReviewRequest.mail), selectinload(ReviewRequest.uses))
        .order_by(ReviewRequest.created_at)
    )
    return {request.order_id: request for request in session.scalars(sent)}


def _last(session: Session, store: Store, after: str) -> Order | None:
    try:
        return find_order(session, store, UUID(after))
    except (ValueError, NotFound):
        return None
