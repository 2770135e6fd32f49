"""A store's orders with how their requests stand."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from reviews_app.models.order import Order, OrderLine
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review import Review
from reviews_app.models.review_request import ASK_AGAIN_AFTER, Asking, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.models.suppression import SuppressionReason
from reviews_app.queries.not_found import NotFound
from reviews_app.queries.page_by_key import older
from reviews_app.queries.suppressions import suppressed

PAGE = 25


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order, its newest request if one was sent, the plan of one, and which of its products were reviewed."""

    order: Order
    request: ReviewRequest | None
    reviewed: frozenset[UUID]
    not_asked: SuppressionReason | None = None
    plan: PlannedMail | None = None

    @property
    def product_ids(self) -> set[UUID]:
        """The products it holds."""
        return {line.product_id for line in self.order.lines}

    @property
    def waits_for_word(self) -> bool:
        """Whether only somebody here can say that it left."""
        return (
            self.order.shop_id == self.order.number and self.order.fulfilled_at is None and not self.order.is_cancelled
        )

    @property
    def left_to_review(self) -> set[UUID]:
        """The products the buyer kept and has not reviewed."""
        return {line.product_id for line in self.order.kept_lines} - self.reviewed

    @property
    def is_planned(self) -> bool:
        """Whether the rule asks for it by itself, later."""
        return self.plan is not None and self.plan.state is PlannedState.PLANNED

    def may_ask(self, now: datetime) -> bool:
        """Whether a request would go out now."""
        sent = None if self.request is None or self.request.is_called_back else self.request
        asked_lately = sent is not None and sent.created_at > now - ASK_AGAIN_AFTER
        arrived = self.order.fulfilled_at is not None and self.order.fulfilled_at <= now
        return arrived and self.not_asked is None and not asked_lately and bool(self.left_to_review)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """25 orders and the id to go on after."""

    rows: list[OrderRow]
    next_after: UUID | None


def order_page(session: Session, store: Store, *, after: str, now: datetime) -> OrderPage:
    """The newest first."""
    mine = select(Order).where(Order.store_id == store.id)
    last = _last(session, store, after)
    if last is not None:
        mine = mine.where(older(Order.placed_at, Order.id, than=(last.placed_at, last.id)))
    parts = (joinedload(Order.customer), selectinload(Order.lines).joinedload(OrderLine.product))
    newest_first = (Order.placed_at.desc(), Order.id.desc())
    orders = session.scalars(mine.options(*parts).order_by(*newest_first).limit(PAGE + 1)).all()
    shown = list(orders[:PAGE])
    ids = [order.id for order in shown]
    requests, reviewed = _requests(session, store, ids), _reviewed(session, store, ids)
    plans = _plans(session, store, ids)
    refusing = suppressed(session, store.id, {order.customer.email for order in shown}, now=now)
    # An erased buyer has no address left.
    refusing[""] = SuppressionReason.ERASED
    return OrderPage(
        rows=[
            OrderRow(
                order,
                requests.get(order.id),
                frozenset(reviewed[order.id]),
                refusing.get(order.customer.email),
                plans.get(order.id),
            )
            for order in shown
        ],
        next_after=shown[-1].id if len(orders) > PAGE else None,
    )


def find_order(session: Session, store: Store, order_id: UUID) -> Order:
    """One order of a store; raises NotFound, another store's counts as absent."""
    found = session.scalar(select(Order).where(Order.store_id == store.id, Order.id == order_id))
    if found is None:
        raise NotFound
    return found


def find_typed_order(session: Session, store: Store, number: str) -> Order | None:
    """The one whose number is its id as well: no shop system knows it by another, so it may be changed by hand."""
    return session.scalar(select(Order).where(Order.store_id == store.id, Order.shop_id == number))


def _requests(session: Session, store: Store, order_ids: list[UUID]) -> dict[UUID, ReviewRequest]:
    sent = (
        select(ReviewRequest)
        .where(ReviewRequest.store_id == store.id, ReviewRequest.order_id.in_(order_ids))
        .options(joinedload(ReviewRequest.mail), selectinload(ReviewRequest.uses))
        .order_by(ReviewRequest.created_at)
    )
    return {request.order_id: request for request in session.scalars(sent)}


def _plans(session: Session, store: Store, order_ids: list[UUID]) -> dict[UUID, PlannedMail]:
    first = select(PlannedMail).where(
        PlannedMail.store_id == store.id, PlannedMail.order_id.in_(order_ids), PlannedMail.kind == Asking.REQUEST
    )
    return {plan.order_id: plan for plan in session.scalars(first)}


def _reviewed(session: Session, store: Store, order_ids: list[UUID]) -> defaultdict[UUID | None, set[UUID]]:
    rows = session.execute(
        select(Review.order_id, Review.product_id).where(Review.store_id == store.id, Review.order_id.in_(order_ids))
    )
    found: defaultdict[UUID | None, set[UUID]] = defaultdict(set)
    for row in rows:
        found[row.order_id].add(row.product_id)
    return found


def _last(session: Session, store: Store, after: str) -> Order | None:
    try:
        return find_order(session, store, UUID(after))
    except (ValueError, NotFound):
        return None
