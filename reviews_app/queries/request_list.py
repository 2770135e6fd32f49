"""A store's mails that ask: planned, sent, not sent; with what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review_request import ReviewRequest, ReviewRequestUse
from reviews_app.models.store import Store
from reviews_app.queries.has_left import has_left, mail_of_request
from reviews_app.queries.page_by_key import newer, older

PAGE = 25
CAME_BACK = or_(OutgoingMail.state == MailState.FAILED, OutgoingMail.bounced_at.is_not(None))


class Listed(StrEnum):
    """What the page can show; what was opened only where the merchant counts it."""

    PLANNED = "planned"
    SENT = "sent"
    BOUNCED = "bounced"
    OPENED = "opened"
    STARTED = "started"
    REVIEWED = "reviewed"
    NOT_SENT = "not_sent"


OF_PLANS = {Listed.PLANNED: PlannedState.PLANNED, Listed.NOT_SENT: PlannedState.NOT_SENT}


@dataclass(frozen=True, slots=True)
class RequestPage:
    """25 plans or 25 requests, and the id to go on after."""

    plans: Sequence[PlannedMail]
    requests: Sequence[ReviewRequest]
    next_after: UUID | None


def request_page(session: Session, store: Store, listed: Listed, *, after: str) -> RequestPage:
    """What is planned stands the next first; all else the newest first."""
    if listed in OF_PLANS:
        plans = session.scalars(_plans(session, store, listed, after)).all()
        more = plans[PAGE - 1].id if len(plans) > PAGE else None
        return RequestPage(plans[:PAGE], [], more)
    requests = session.scalars(_requests(session, store, listed, after)).all()
    more = requests[PAGE - 1].id if len(requests) > PAGE else None
    return RequestPage([], requests[:PAGE], more)


def request_counts(session: Session, store: Store) -> dict[Listed, int]:
    """How many of each there are."""
    plans = {listed: _count(session, _of_state(store, state)) for listed, state in OF_PLANS.items()}
    asked = {listed: _count(session, _of_kind(store, listed)) for listed in Listed if listed not in OF_PLANS}
    return plans | asked


def planned_between(session: Session, store: Store, since: datetime, until: datetime) -> int:
    """How many mails are due from one moment to another."""
    due = _of_state(store, PlannedState.PLANNED).where(PlannedMail.due_at >= since, PlannedMail.due_at < until)
    return _count(session, due)


def _count(session: Session, which: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(which.subquery())) or 0


def _of_state(store: Store, state: PlannedState) -> Select[UUID]:
    return select(PlannedMail.id).where(PlannedMail.store_id == store.id, PlannedMail.state == state)


def _of_kind(store: Store, listed: Listed) -> Select[UUID]:
    return select(ReviewRequest.id).where(ReviewRequest.store_id == store.id, *_kind(listed))


def _kind(listed: Listed) -> tuple[ColumnElement[bool], ...]:
    if listed is Listed.BOUNCED:
        return (mail_of_request().where(CAME_BACK),)
    sent = has_left()
    if listed is Listed.OPENED:
        return (sent, ReviewRequest.opened_at.is_not(None))
    if listed is Listed.STARTED:
        return (sent, ReviewRequest.started_at.is_not(None))
    if listed is Listed.REVIEWED:
        return (sent, exists().where(ReviewRequestUse.request_id == ReviewRequest.id))
    return (sent,)


def _plans(session: Session, store: Store, listed: Listed, after: str) -> Select[PlannedMail]:
    rows = select(PlannedMail).where(PlannedMail.store_id == store.id, PlannedMail.state == OF_PLANS[listed])
    last = session.get(PlannedMail, _id(after)) if _id(after) else None
    is_next = listed is Listed.PLANNED
    if last is not None and last.store_id == store.id:
        here = (last.due_at, last.id)
        follows = newer if is_next else older
        rows = rows.where(follows(PlannedMail.due_at, PlannedMail.id, than=here))
    sequence = (PlannedMail.due_at, PlannedMail.id) if is_next else (PlannedMail.due_at.desc(), PlannedMail.id.desc())
    return rows.options(joinedload(PlannedMail.order).joinedload(Order.customer)).order_by(*sequence).limit(PAGE + 1)


def _requests(session: Session, store: Store, listed: Listed, after: str) -> Select[ReviewRequest]:
    rows = select(ReviewRequest).where(ReviewRequest.store_id == store.id, *_kind(listed))
    last = session.get(ReviewRequest, _id(after)) if _id(after) else None
    if last is not None and last.store_id == store.id:
        rows = rows.where(older(ReviewRequest.created_at, ReviewRequest.id, than=(last.created_at, last.id)))
    parts = (
        joinedload(ReviewRequest.order).joinedload(Order.customer),
        joinedload(ReviewRequest.mail),
        selectinload(ReviewRequest.uses),
    )
    newest_first = (ReviewRequest.created_at.desc(), ReviewRequest.id.desc())
    return rows.options(*parts).order_by(*newest_first).limit(PAGE + 1)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
