"""Plans what comes after a first mail: reminders, the mail a buyer wished for, the one that asks for a picture."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.lib.local_hour import at_hour
from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import Order
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.review import Review
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.request_rule import find_rule, rule_of
from reviews_app.services.plan_of_order import zone_of_buyer


def plan_reminder(
    session: Session, after: PlannedMail, rule: RequestRule, *, store: Store, now: datetime
) -> PlannedMail | None:
    """The next reminder after a request, or after a reminder; None when the rule wants no more."""
    if after.kind not in {Asking.REQUEST, Asking.REMINDER} or after.n >= rule.reminders:
        return None
    due = _due(after.order, now, days=rule.reminder_days, rule=rule, store=store)
    row = _last(session, after.order, Asking.REMINDER)
    if row is not None and row.n > after.n:
        return row
    return _add(session, after.order, Asking.REMINDER, n=after.n + 1, due=due, now=now)


def plan_photo(session: Session, order: Order, review: Review, *, store: Store, now: datetime) -> PlannedMail | None:
    """Once an order, after its first review without a picture, whatever its stars; None when the rule asks for none."""
    rule = find_rule(session, store)
    if rule is None or not rule.is_on or not rule.asks_for_photo or review.has_media:
        return None
    if _last(session, order, Asking.PHOTO) is not None:
        return None
    due = _due(order, now, days=rule.photo_days, rule=rule, store=store)
    return _add(session, order, Asking.PHOTO, n=0, due=due, now=now)


def plan_wished(session: Session, order: Order, *, store: Store, now: datetime) -> PlannedMail | None:
    """The mail for the first of the products that were put off; the buyer asked for it, so it needs no rule."""
    first = session.scalar(
        select(func.min(LineWish.ask_at)).where(LineWish.order_id == order.id, LineWish.wish == Wish.LATER)
    )
    row = _last(session, order, Asking.LATER)
    is_open = row is not None and row.state is PlannedState.PLANNED
    if first is None:
        if row is not None and is_open:
            row.not_sent(NotSent.NOTHING_LEFT, now)
        return None
    due = _due(order, first, days=0, rule=rule_of(session, store), store=store)
    if row is not None and is_open:
        row.planned_for(due)
        return row
    return _add(session, order, Asking.LATER, n=row.n + 1 if row else 1, due=due, now=now)


def _due(order: Order, since: datetime, *, days: int, rule: RequestRule, store: Store) -> datetime:
    zone = zone_of_buyer(order, store)
    return at_hour(since.astimezone(zone).date() + timedelta(days=days), rule.hour, zone)


def _last(session: Session, order: Order, kind: Asking) -> PlannedMail | None:
    mine = select(PlannedMail).where(PlannedMail.order_id == order.id, PlannedMail.kind == kind)
    return session.scalars(mine.order_by(PlannedMail.n.desc()).limit(1)).first()


def _add(session: Session, order: Order, kind: Asking, *, n: int, due: datetime, now: datetime) -> PlannedMail:
    row = PlannedMail(
        store_id=order.store_id, order_id=order.id, kind=kind, n=n, due_at=due, due_first=due, planned_at=now
    )
    row.state, row.is_past = PlannedState.PLANNED, False
    session.add(row)
    session.flush()
    return row
