"""Plans the request of every order the rule speaks of: written with the order's change, or found by a sweep."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, insert, or_, select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.lib.local_hour import at_hour
from reviews_app.models.not_sent import OF_THE_ORDER, NotSent
from reviews_app.models.order import Order
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.order_facts import OrderFacts, order_facts, orders_of
from reviews_app.queries.request_rule import find_rule, waits_of
from reviews_app.services.plan_of_order import Plan, plan_of, why_not_of, zone_of_buyer
from reviews_app.services.take_turn import take_turn

# One transaction stays short: other writers of SQLite wait for it.
STEP = 1000
# An order is planned with its change; the sweep looks back so far for what a clock set wrong might have hidden.
OVERLAP = timedelta(days=1)
NEVER = datetime.min.replace(tzinfo=UTC)


def plan_order(session: Session, store: Store, order: Order, *, now: datetime) -> None:
    """Plan the order's request as its facts stand now; what was sent stays, what was settled when due stays too."""
    rule = find_rule(session, store)
    if rule is None:
        return
    found = order_facts(session, store, orders_of(store).where(Order.id == order.id), waits=waits_of(session, store))
    known = session.scalars(
        select(PlannedMail).where(PlannedMail.order_id == order.id, PlannedMail.kind == Asking.REQUEST)
    ).first()
    for facts in found:
        if known is not None:
            _plan_anew(known, facts, rule, store=store, now=now)
        elif (plan := plan_of(facts, rule, store=store, now=now)) is not None:
            session.add(PlannedMail(**_row(facts, plan, store=store, now=now)))
    session.flush()


def plan_requests(session: Session, *, now: datetime) -> int:
    """Some orders of every store whose rule is on: those without a plan, and those planned by an older rule."""
    switched_on = select(RequestRule, Store).join(Store, Store.id == RequestRule.store_id)
    rows = session.execute(switched_on.where(RequestRule.on_since.is_not(None))).all()
    return sum(plan_some(session, rule, store, now=now) for rule, store in rows)


def plan_some(session: Session, rule: RequestRule, store: Store, *, now: datetime) -> int:
    """At most `STEP` orders of one store; gives how many. Nobody else plans for the store meanwhile."""
    # By the index of its columns, so that a step reads no more than it plans.
    next_ones = _unplanned(rule, store).order_by(Order.fulfilled_at, Order.id).limit(STEP)
    ids = session.scalars(next_ones).all()
    if not ids and session.scalar(_outdated(rule, store).limit(1)) is None:
        rule.swept_at = now
        return 0
    take_turn(session, store)
    done = _plan_new(session, rule, store, ids, now=now)
    return done or _plan_outdated(session, rule, store, now=now)


def _unplanned(rule: RequestRule, store: Store) -> Select[UUID]:
    planned = exists().where(PlannedMail.order_id == Order.id, PlannedMail.kind == Asking.REQUEST)
    found = orders_of(store).where(Order.fulfilled_at >= rule.on_since, ~planned)
    if rule.swept_at is not None:
        found = found.where(or_(Order.changed_at.is_(None), Order.changed_at >= rule.swept_at - OVERLAP))
    return found


def _outdated(rule: RequestRule, store: Store) -> Select[PlannedMail]:
    return select(PlannedMail).where(
        PlannedMail.store_id == store.id,
        PlannedMail.state == PlannedState.PLANNED,
        PlannedMail.planned_at < (rule.changed_at or NEVER),
    )


def _plan_new(session: Session, rule: RequestRule, store: Store, ids: Sequence[UUID], *, now: datetime) -> int:
    """Those of them that nobody planned while we waited for our turn."""
    ids = session.scalars(_unplanned(rule, store).where(Order.id.in_(ids))).all()
    found = order_facts(session, store, orders_of(store).where(Order.id.in_(ids)), waits=waits_of(session, store))
    rows = list(_rows(found, rule, store=store, now=now))
    if rows:
        session.execute(insert(PlannedMail), rows)
    return len(rows)


def _rows(found: list[OrderFacts], rule: RequestRule, *, store: Store, now: datetime) -> Iterable[dict[str, Any]]:
    for facts in found:
        plan = plan_of(facts, rule, store=store, now=now)
        if plan is not None:
            yield _row(facts, plan, store=store, now=now)


def _row(facts: OrderFacts, plan: Plan, *, store: Store, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "store_id": store.id,
        "order_id": facts.order_id,
        "kind": Asking.REQUEST,
        "n": 0,
        "due_at": plan.due_at,
        "due_first": plan.due_at,
        "state": PlannedState.NOT_SENT if plan.reason else PlannedState.PLANNED,
        "reason": plan.reason,
        "is_past": False,
        "planned_at": now,
        "settled_at": now if plan.reason else None,
    }


def _plan_outdated(session: Session, rule: RequestRule, store: Store, *, now: datetime) -> int:
    rows = session.scalars(_outdated(rule, store).order_by(PlannedMail.id).limit(STEP)).all()
    ids = [row.order_id for row in rows]
    found = order_facts(session, store, orders_of(store).where(Order.id.in_(ids)), waits=waits_of(session, store))
    by_order = {facts.order_id: facts for facts in found}
    for row in rows:
        row.planned_at = max(now, rule.changed_at or now)
        if row.kind is Asking.REQUEST:
            _plan_anew(row, by_order[row.order_id], rule, store=store, now=now)
        else:
            _move_hour(row, by_order[row.order_id], rule, store=store, now=now)
    session.flush()
    return len(rows)


def _plan_anew(row: PlannedMail, facts: OrderFacts, rule: RequestRule, *, store: Store, now: datetime) -> None:
    """A row whose moment is still to come follows the facts both ways; one that is due waits for its sender."""
    is_open = row.state is PlannedState.PLANNED or row.reason in OF_THE_ORDER
    if not is_open or row.due_at <= now:
        return
    due_at = _due_anew(row, facts, rule, store=store, now=now)
    reason = why_not_of(facts, store=store)
    if reason is not None or due_at is None:
        row.not_sent(reason or NotSent.SWITCHED_OFF, now)
    else:
        row.planned_for(due_at)


def _due_anew(
    row: PlannedMail, facts: OrderFacts, rule: RequestRule, *, store: Store, now: datetime
) -> datetime | None:
    """None where the rule was switched off and on since: only who leaves from then on, or is chosen then, is asked."""
    if row.is_past:
        return row.due_at if rule.on_since is not None and row.planned_at >= rule.on_since else None
    plan = plan_of(facts, rule, store=store, now=now)
    return plan.due_at if plan else None


def _move_hour(row: PlannedMail, facts: OrderFacts, rule: RequestRule, *, store: Store, now: datetime) -> None:
    """A reminder keeps its day and goes at the hour the rule says now."""
    zone = zone_of_buyer(facts, store)
    if row.due_at > now:
        row.planned_for(at_hour(row.due_at.astimezone(zone).date(), rule.hour, zone))
