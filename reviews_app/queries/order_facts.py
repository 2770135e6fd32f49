"""What planning needs to know of orders: few columns, many rows."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from reviews_app.models.order import ConsentBasis, Order, OrderLine
from reviews_app.models.store import Store


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order; `waits` are the days of the kept products that have their own, None for the others."""

    order_id: UUID
    customer_id: UUID
    country_code: str | None
    time_zone: str | None
    placed_at: datetime
    fulfilled_at: datetime | None
    delivered_at: datetime | None
    is_cancelled: bool
    is_empty: bool
    is_kept: bool
    has_unnamed_refund: bool
    consent_basis: ConsentBasis | None
    waits: frozenset[int | None] = frozenset()


def orders_of(store: Store) -> Select[UUID]:
    """The ids of a store's orders, to be narrowed down."""
    return select(Order.id).where(Order.store_id == store.id)


def order_facts(session: Session, store: Store, which: Select[UUID], *, waits: dict[UUID, int]) -> list[OrderFacts]:
    """The facts of the orders `which` names, in the sequence of their ids. `waits`: days by product."""
    bought = exists().where(OrderLine.order_id == Order.id)
    kept = bought.where(OrderLine.refunded_quantity < OrderLine.quantity)
    rows = session.execute(
        select(
            Order.id,
            Order.customer_id,
            Order.country_code,
            Order.time_zone,
            Order.placed_at,
            Order.fulfilled_at,
            Order.delivered_at,
            Order.cancelled_at,
            (~bought).label("is_empty"),
            kept.label("is_kept"),
            Order.has_unnamed_refund,
            Order.consent_basis,
        )
        .where(Order.store_id == store.id, Order.id.in_(which))
        .order_by(Order.id)
    ).all()
    own = _waits(session, which, waits) if waits else {}
    return [_facts(row, own.get(row.id, ())) for row in rows]


def _facts(row: Any, waits: Collection[int | None]) -> OrderFacts:
    return OrderFacts(
        order_id=row.id,
        customer_id=row.customer_id,
        country_code=row.country_code,
        time_zone=row.time_zone,
        placed_at=row.placed_at,
        fulfilled_at=row.fulfilled_at,
        delivered_at=row.delivered_at,
        is_cancelled=row.cancelled_at is not None,
        is_empty=row.is_empty,
        is_kept=row.is_kept,
        has_unnamed_refund=row.has_unnamed_refund,
        consent_basis=row.consent_basis,
        waits=frozenset(waits),
    )


def _waits(session: Session, which: Select[UUID], waits: dict[UUID, int]) -> dict[UUID, set[int | None]]:
    lines = select(OrderLine.order_id, OrderLine.product_id).where(
        OrderLine.order_id.in_(which), OrderLine.refunded_quantity < OrderLine.quantity
    )
    found: dict[UUID, set[int | None]] = defaultdict(set)
    for order_id, product_id in session.execute(lines):
        found[order_id].add(waits.get(product_id))
    return found
