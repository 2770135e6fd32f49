"""How many requests left and how many were answered, week by week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from reviews_app.models.review_request import ReviewRequest, ReviewRequestUse
from reviews_app.models.store import Store
from reviews_app.queries.has_left import has_left

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on, in the store's own zone."""

    begins: date
    sent: int
    reviewed: int


def request_weeks(session: Session, store: Store, *, now: datetime) -> list[Week]:
    """The last twelve weeks, the oldest first; this week is the last."""
    zone = ZoneInfo(store.time_zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -2, -1)]
    edges = [datetime.combine(day, time(), tzinfo=zone) for day in days]
    asked = and_(ReviewRequest.store_id == store.id, has_left())
    sent = _counts(session, ReviewRequest.created_at, asked, edges)
    reviewed = _counts(session, ReviewRequestUse.used_at, ReviewRequestUse.store_id == store.id, edges)
    return [Week(*parts) for parts in zip(days[:-1], sent, reviewed, strict=True)]


def _counts(
    session: Session, at: InstrumentedAttribute[datetime], mine: ColumnElement[bool], edges: list[datetime]
) -> list[int]:
    """One pass over the rows since the first edge, a sum for each week."""
    sums = [
        func.coalesce(func.sum(case((and_(at >= begins, at < ends), 1), else_=0)), 0)
        for begins, ends in pairwise(edges)
    ]
    row = session.execute(select(*sums).where(mine, at >= edges[0])).one()
    return [int(count) for count in row]
