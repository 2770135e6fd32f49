"""Keeps the pace of earlier orders: days on which nothing could leave are not made up for in one morning."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from reviews_app.lib.local_hour import by_day
from reviews_app.models.look_back import LookBack
from reviews_app.models.order import Order
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.store import Store
from reviews_app.services.plan_of_order import zone_of_buyer

DAY = timedelta(days=1)
# Clocks that are put forward or back bring a moment that is a day later within 23 to 25 hours.
CLOCK_CHANGE = timedelta(hours=1)


def keep_pace(session: Session, store: Store, rule: RequestRule, *, now: datetime) -> int:
    """Move what is planned of the store's earlier orders by the days that were lost; gives how many days.

    The pace exists only as days on which each is due. Whatever held them up, mail that was stopped, a sender that was
    not proven, a scheduler that stood still: the first that is late goes now and all others keep their distance.
    """
    late = session.execute(
        select(PlannedMail.due_at, Order)
        .join(Order, Order.id == PlannedMail.order_id)
        .where(*_earlier(store), PlannedMail.due_at <= now)
        .order_by(PlannedMail.due_at, PlannedMail.id)
        .limit(1)
    ).first()
    if late is None:
        return 0
    due_at, order = late
    days = (by_day(now, rule.hour, zone_of_buyer(order, store)) - due_at + CLOCK_CHANGE) // DAY
    if days > 0:
        _move(session, store, days=days)
    return days


def _earlier(store: Store) -> tuple[ColumnElement[bool], ...]:
    return (
        PlannedMail.store_id == store.id,
        PlannedMail.state == PlannedState.PLANNED,
        PlannedMail.is_past.is_(True),
    )


def _move(session: Session, store: Store, *, days: int) -> None:
    """Moment by moment, as databases reckon with time each in their own way; the last first, for none is met twice."""
    moments = select(PlannedMail.due_at, PlannedMail.due_first).where(*_earlier(store)).distinct()
    last_first = moments.order_by(PlannedMail.due_at.desc(), PlannedMail.due_first.desc())
    for due_at, due_first in session.execute(last_first).all():
        mine = update(PlannedMail).where(
            *_earlier(store), PlannedMail.due_at == due_at, PlannedMail.due_first == due_first
        )
        later = {"due_at": due_at + days * DAY, "due_first": due_first + days * DAY}
        session.execute(mine.values(later).execution_options(synchronize_session="fetch"))
    running = session.scalars(select(LookBack).where(LookBack.store_id == store.id, LookBack.finished_at.is_(None)))
    for row in running:
        row.first_day += days * DAY
    session.flush()
