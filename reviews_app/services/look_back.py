"""Asks for orders from before the rule was switched on: who would be, and then so many a day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.local_hour import at_hour, next_hour
from reviews_app.models.look_back import LookBack
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.planned_mail import PlannedMail
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.review import Review
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.order_buyers import buyers_not_to_ask
from reviews_app.queries.order_facts import OrderFacts, order_facts, orders_of
from reviews_app.queries.page_by_key import older
from reviews_app.services.plan_of_order import why_not_of, zone_of_buyer
from reviews_app.services.take_turn import take_turn

# One transaction stays short: other writers of SQLite wait for it.
STEP = 200
MOST_SHOWN = 25
# A preview stays quick; the look back itself goes through all.
MOST_LOOKED_AT = 20_000


class NobodyToAsk(Exception):
    """No order of that time can be asked for."""


@dataclass(frozen=True, slots=True)
class LookBackPreview:
    """How many would be asked, the first of them, how many days it takes, and why others are left out."""

    count: int
    first: list[Order]
    days: int
    left_out: Counter[NotSent]


def preview(
    session: Session, store: Store, rule: RequestRule, *, since: datetime, per_day: int, now: datetime
) -> LookBackPreview:
    """The newest order of each buyer that left from then until the rule was switched on, never asked nor reviewed."""
    which = _candidates(store, rule, since=since).limit(MOST_LOOKED_AT)
    facts = order_facts(session, store, which, waits={})
    unwilling = buyers_not_to_ask(session, store, which, now=now)
    left_out: Counter[NotSent] = Counter()
    asked = []
    for one in facts:
        reason = why_not_of(one, store=store) or unwilling.get(one.order_id)
        if reason is None:
            asked.append(one)
        else:
            left_out[reason] += 1
    asked.sort(key=lambda one: (one.fulfilled_at or one.placed_at, one.order_id), reverse=True)
    shown = [session.get_one(Order, one.order_id) for one in asked[:MOST_SHOWN]]
    return LookBackPreview(len(asked), shown, -(-len(asked) // max(1, per_day)), left_out)


def start_look_back(
    session: Session, store: Store, rule: RequestRule, *, since: datetime, per_day: int, clock: Clock
) -> LookBack:
    """A row the clock table works off. Raises NobodyToAsk; a second press while one runs gives the one that runs."""
    take_turn(session, store)
    running = session.scalar(select(LookBack).where(LookBack.store_id == store.id, LookBack.finished_at.is_(None)))
    if running is not None:
        return running
    now = clock()
    if preview(session, store, rule, since=since, per_day=per_day, now=now).count == 0:
        raise NobodyToAsk
    row = LookBack(
        store_id=store.id,
        since=since,
        until=rule.on_since or now,
        per_day=per_day,
        first_day=now.date() + timedelta(days=1),
        planned=0,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def continue_look_backs(session: Session, *, now: datetime) -> int:
    """Plan the next orders of every look back under way; gives how many were looked at."""
    running = select(LookBack).where(LookBack.finished_at.is_(None))
    rows = session.scalars(running.with_for_update(skip_locked=True)).all()
    return sum(_continue(session, row, now=now) for row in rows)


def look_back_under_way(session: Session, store: Store) -> LookBack | None:
    """The one that is still planning."""
    return session.scalar(select(LookBack).where(LookBack.store_id == store.id, LookBack.finished_at.is_(None)))


def _continue(session: Session, row: LookBack, *, now: datetime) -> int:
    store = session.get_one(Store, row.store_id)
    rule = session.scalars(select(RequestRule).where(RequestRule.store_id == store.id)).first()
    if rule is None or not rule.is_on:
        row.finished_at = now
        return 0
    take_turn(session, store)
    _begin_tomorrow(row, now=now)
    left = _candidates(store, rule, since=row.since, until=row.until)
    if row.after_at is not None and row.after_id is not None:
        left = left.where(older(Order.fulfilled_at, Order.id, than=(row.after_at, row.after_id)))
    ids = session.scalars(left.limit(STEP)).all()
    these = orders_of(store).where(Order.id.in_(ids))
    found = {one.order_id: one for one in order_facts(session, store, these, waits={})}
    unwilling = buyers_not_to_ask(session, store, these, now=now)
    settled = _switched_off(session, ids)
    for order_id in ids:
        if order_id not in unwilling and why_not_of(found[order_id], store=store) is None:
            _plan(session, row, found[order_id], rule, known=settled.get(order_id), store=store, now=now)
    if ids:
        row.after_at, row.after_id = found[ids[-1]].fulfilled_at, ids[-1]
    if len(ids) < STEP:
        row.finished_at = now
    session.flush()
    return len(ids)


def _begin_tomorrow(row: LookBack, *, now: datetime) -> None:
    """Planning that stood still for days does not put what those days held on one."""
    next_day = row.first_day + timedelta(days=row.planned // row.per_day)
    tomorrow = now.date() + timedelta(days=1)
    row.first_day += max(timedelta(), tomorrow - next_day)


def _switched_off(session: Session, ids: Sequence[UUID]) -> dict[UUID, PlannedMail]:
    """The requests that were settled when asking was switched off: one order has one, which is planned again."""
    theirs = select(PlannedMail).where(
        PlannedMail.order_id.in_(ids), PlannedMail.kind == Asking.REQUEST, PlannedMail.reason == NotSent.SWITCHED_OFF
    )
    return {planned.order_id: planned for planned in session.scalars(theirs)}


def _plan(
    session: Session,
    row: LookBack,
    facts: OrderFacts,
    rule: RequestRule,
    *,
    known: PlannedMail | None,
    store: Store,
    now: datetime,
) -> None:
    zone = zone_of_buyer(facts, store)
    due = at_hour(row.first_day + timedelta(days=row.planned // row.per_day), rule.hour, zone)
    due = due if due >= now else next_hour(now, rule.hour, zone)
    planned = known or PlannedMail(store_id=store.id, order_id=facts.order_id, kind=Asking.REQUEST, n=0)
    planned.planned_for(due)
    planned.planned_at, planned.is_past = now, True
    session.add(planned)
    row.planned += 1


def _candidates(store: Store, rule: RequestRule, *, since: datetime, until: datetime | None = None) -> Select[UUID]:
    """The newest first: only the latest order of each buyer of which something was kept, whatever its reviews may say.

    What was planned and settled because asking was switched off was never asked.
    """
    end = until or rule.on_since
    later = Order.__table__.alias("later")
    line = OrderLine.__table__.alias("later_line")
    is_latest = ~exists().where(
        later.c.customer_id == Order.customer_id,
        later.c.fulfilled_at.is_not(None),
        later.c.cancelled_at.is_(None),
        exists().where(line.c.order_id == later.c.id, line.c.refunded_quantity < line.c.quantity),
        (later.c.fulfilled_at > Order.fulfilled_at)
        | ((later.c.fulfilled_at == Order.fulfilled_at) & (later.c.id > Order.id)),
    )
    found = orders_of(store).where(
        Order.fulfilled_at >= since,
        is_latest,
        ~exists().where(ReviewRequest.order_id == Order.id),
        ~exists().where(PlannedMail.order_id == Order.id, PlannedMail.reason.is_distinct_from(NotSent.SWITCHED_OFF)),
        ~exists().where(Review.order_id == Order.id),
    )
    if end is not None:
        found = found.where(Order.fulfilled_at < end)
    return found.order_by(Order.fulfilled_at.desc(), Order.id.desc())
