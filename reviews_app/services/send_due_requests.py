"""Turns what is due into mails: all is asked once more now, in the transaction that writes the mail."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.lib.email_address import mailbox_key
from reviews_app.lib.local_hour import by_day, next_hour
from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.mail_sender import MailSender
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import Order
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.mails_lately import asked_by_hand, free_again, is_reviewed
from reviews_app.queries.request_rule import rule_of
from reviews_app.services.cool_down import cooled_at
from reviews_app.services.keep_pace import keep_pace
from reviews_app.services.lines_to_ask import SAME_DAY
from reviews_app.services.plan_follow_ups import plan_reminder, plan_wished
from reviews_app.services.plan_of_order import zone_of_buyer
from reviews_app.services.request_refused import RequestRefused
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.tools import Tools

# One transaction stays short: other writers of SQLite wait for it. A backlog goes out step by step, not in one burst.
STEP = 50
# A request that other orders of its buyer held up for so long has grown stale.
LONGEST_WAIT = timedelta(days=60)


def send_due_requests(session: Session, *, tools: Tools, most: int = STEP) -> int:
    """Settle what is due, a share for each store; gives how many rows were settled or put off.

    Two schedulers wait for each other here, and an order somebody else holds is left for the next time.
    """
    now = tools.clock()
    stores = session.scalars(_stores_with_due(now)).all()
    if not stores:
        return 0
    wait_for_others(session, "send due requests")
    share = max(1, most // len(stores))
    done = 0
    found = [session.get_one(Store, store_id) for store_id in stores]
    rules = {store.id: rule_of(session, store) for store in found}
    # Before an order is locked: who holds a plan may wait for its order.
    for store in found:
        keep_pace(session, store, rules[store.id], now=now)
    for store in found:
        ids = session.scalars(_due(now).where(PlannedMail.store_id == store.id).limit(share)).all()
        done += sum(_settle(session, planned_id, rules[store.id], store=store, tools=tools) for planned_id in ids)
    return done


def _stores_with_due(now: datetime) -> Select[UUID]:
    """Those whose sender is proven and that did not stop all mail; the others' mails stay planned."""
    return (
        select(PlannedMail.store_id)
        .join(MailSender, MailSender.store_id == PlannedMail.store_id)
        .outerjoin(RequestRule, RequestRule.store_id == PlannedMail.store_id)
        .where(
            PlannedMail.state == PlannedState.PLANNED,
            PlannedMail.due_at <= now,
            MailSender.confirmed_at.is_not(None),
            or_(RequestRule.id.is_(None), RequestRule.stopped_at.is_(None)),
        )
        .distinct()
    )


def _due(now: datetime) -> Select[UUID]:
    due = select(PlannedMail.id).where(PlannedMail.state == PlannedState.PLANNED, PlannedMail.due_at <= now)
    return due.order_by(PlannedMail.due_at, PlannedMail.id)


def _settle(session: Session, planned_id: UUID, rule: RequestRule, *, store: Store, tools: Tools) -> bool:
    """One row, its order locked: so a report, a review or another scheduler comes before or after, never between."""
    now = tools.clock()
    planned = session.get_one(PlannedMail, planned_id)
    mine = select(Order).where(Order.id == planned.order_id).with_for_update(of=Order, skip_locked=True)
    order = session.scalar(mine.execution_options(populate_existing=True))
    if order is None:
        return False
    session.refresh(planned)
    if planned.state is not PlannedState.PLANNED or planned.due_at > now:
        return False
    zone = zone_of_buyer(order, store)
    # Late mails go out on the same day until the evening; what is still due waits for the hour to come again.
    if (allowed := by_day(now, rule.hour, zone)) > now:
        planned.put_off(allowed, planned.reason)
    elif (reason := _why_not(session, planned, order, rule)) is not None:
        planned.not_sent(reason, now)
    elif (until := _busy_until(session, planned, order, rule, store=store, now=now)) is not None:
        _put_off(planned, *until, now=now)
    else:
        _ask(session, planned, order, rule, store=store, tools=tools)
    session.flush()
    return True


def _why_not(session: Session, planned: PlannedMail, order: Order, rule: RequestRule) -> NotSent | None:
    """What the rule and the buyer's own words say against this kind of mail; the rest is asked where it is written."""
    kind = planned.kind
    if kind is Asking.LATER:
        return None
    if not rule.is_on or (kind is Asking.REMINDER and planned.n > rule.reminders):
        return NotSent.SWITCHED_OFF
    if kind is Asking.PHOTO and not rule.asks_for_photo:
        return NotSent.SWITCHED_OFF
    if order.has_unnamed_refund:
        return NotSent.UNCLEAR_REFUND
    if kind is Asking.REQUEST:
        return NotSent.ASKED_BY_HAND if asked_by_hand(session, order.id) else None
    if order.customer.no_reminders_at is not None:
        return NotSent.NO_REMINDERS
    return NotSent.REVIEWED if kind is Asking.REMINDER and is_reviewed(session, order.id) else None


def _busy_until(
    session: Session, planned: PlannedMail, order: Order, rule: RequestRule, *, store: Store, now: datetime
) -> tuple[datetime, NotSent] | None:
    """When the person may be asked again, and why not now; the person's mails of all stores are counted one by one."""
    zone = zone_of_buyer(order, store)
    mailbox = mailbox_key(order.customer.email)
    wait_for_others(session, f"mails to {mailbox}")
    if planned.kind is Asking.REQUEST:
        cooled = cooled_at(session, order, rule, store=store, now=now)
        if cooled is not None:
            return cooled, NotSent.COOL_DOWN
    free = free_again(session, mailbox, now=now)
    if free is None:
        return None
    return max(free, next_hour(free - timedelta(hours=1), rule.hour, zone)), NotSent.DAILY_LIMIT


def _put_off(planned: PlannedMail, until: datetime, reason: NotSent, *, now: datetime) -> None:
    if until - planned.due_first > LONGEST_WAIT:
        planned.not_sent(reason, now)
    else:
        planned.put_off(until, reason)


def _ask(
    session: Session, planned: PlannedMail, order: Order, rule: RequestRule, *, store: Store, tools: Tools
) -> None:
    now = tools.clock()
    try:
        # One that breaks off takes back its own rows and nobody else's.
        with session.begin_nested():
            request = request_reviews(session, order, store=store, tools=tools, asking=planned.kind)
    except RequestRefused as refused:
        planned.not_sent(_named(refused, planned.kind, order), now)
        return
    planned.sent(request, now)
    plan_reminder(session, planned, rule, store=store, now=now)
    if planned.kind is Asking.LATER:
        _grant_wishes(session, order, store=store, now=now)


def _named(refused: RequestRefused, kind: Asking, order: Order) -> NotSent:
    if order.is_cancelled:
        return NotSent.CANCELLED
    is_photo = kind is Asking.PHOTO and refused.reason is NotSent.NOTHING_LEFT
    return NotSent.HAS_PHOTO if is_photo else refused.reason


def _grant_wishes(session: Session, order: Order, *, store: Store, now: datetime) -> None:
    """What was asked about again is open again; what was put off for longer gets its own mail."""
    granted = delete(LineWish).where(
        LineWish.order_id == order.id, LineWish.wish == Wish.LATER, LineWish.ask_at <= now + SAME_DAY
    )
    session.execute(granted.execution_options(synchronize_session="fetch"))
    plan_wished(session, order, store=store, now=now)
