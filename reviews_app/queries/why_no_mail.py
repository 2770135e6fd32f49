"""Answers "why did anna@ not get a mail?": the buyers a text finds, and for each order what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from reviews_app.lib.people import email_key
from reviews_app.models.customer import Customer
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailState
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.request_rule import RequestRule
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.mail_brand import mail_brand

MOST, MOST_ORDERS = 20, 3
ESCAPE = "\\"
STOPPED = "Stopped by you. "


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one order: the sentence, and the moment it is about."""

    number: str
    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A buyer with the orders that were asked for by number, else their newest."""

    customer: Customer
    answers: list[Answer]


def why_no_mail(session: Session, store: Store, rule: RequestRule, asked: str) -> list[FoundPerson]:
    """Buyers whose address, name or order number holds the text; none for an empty one."""
    text = asked.strip()
    if not text:
        return []
    likely = f"%{_literal(text)}%"
    numbers = (text, f"#{text}")
    by_order = select(Order.customer_id).where(Order.store_id == store.id, Order.number.in_(numbers))
    found = select(Customer).where(
        Customer.store_id == store.id,
        or_(
            Customer.email_key.like(f"%{_literal(email_key(text))}%", escape=ESCAPE),
            Customer.name.ilike(likely, escape=ESCAPE),
            Customer.id.in_(by_order),
        ),
    )
    people = session.scalars(found.order_by(Customer.email_key).limit(MOST)).all()
    held = _held(session, store, rule)
    return [
        FoundPerson(one, [_answer(session, store, rule, order, held=held) for order in _orders(session, one, numbers)])
        for one in people
    ]


def _literal(text: str) -> str:
    for mark in (ESCAPE, "%", "_"):
        text = text.replace(mark, ESCAPE + mark)
    return text


def _orders(session: Session, customer: Customer, numbers: tuple[str, str]) -> Sequence[Order]:
    """Those of these numbers before all others, then the newest."""
    mine = select(Order).where(Order.store_id == customer.store_id, Order.customer_id == customer.id)
    is_other = case((Order.number.in_(numbers), 0), else_=1)
    return session.scalars(mine.order_by(is_other, Order.placed_at.desc(), Order.id.desc()).limit(MOST_ORDERS)).all()


def _answer(session: Session, store: Store, rule: RequestRule, order: Order, *, held: str) -> Answer:
    request = session.scalars(
        select(ReviewRequest)
        .where(ReviewRequest.store_id == store.id, ReviewRequest.order_id == order.id)
        .order_by(ReviewRequest.created_at.desc())
    ).first()
    plan = session.scalars(
        select(PlannedMail)
        .where(PlannedMail.store_id == store.id, PlannedMail.order_id == order.id)
        .order_by(PlannedMail.planned_at.desc(), PlannedMail.id.desc())
    ).first()
    if plan is not None and plan.state is PlannedState.PLANNED:
        return Answer(order.number, f"{held}A mail is planned.{_because(plan)}", plan.due_at)
    if request is not None:
        return Answer(order.number, _of_mail(request, rule), request.created_at)
    if plan is not None:
        return Answer(order.number, f"Not sent.{_because(plan)}", plan.settled_at)
    return Answer(order.number, _unplanned(rule, order))


def _held(session: Session, store: Store, rule: RequestRule) -> str:
    """What keeps every planned mail of the store back just now; nothing when none does."""
    if rule.is_stopped:
        return STOPPED
    return "" if mail_brand(session, store).is_proven else "Waits until a test mail was received. "


def _because(plan: PlannedMail) -> str:
    return f" {plan.reason.words}" if plan.reason else ""


def _of_mail(request: ReviewRequest, rule: RequestRule) -> str:
    mail = request.mail
    if mail is not None and mail.bounced_at is not None:
        return f"A mail was sent and came back. {mail.last_error}"
    if mail is None or mail.state is MailState.SENT:
        return "A mail was sent, and the mail server took it."
    if mail.state in {MailState.FAILED, MailState.CANCELLED}:
        return f"A mail was written and did not arrive. {mail.last_error}"
    waits = rule.is_stopped and mail.state is MailState.WAITING
    return f"{STOPPED}A mail is written and waits." if waits else "A mail is on its way."


def _unplanned(rule: RequestRule, order: Order) -> str:
    if order.is_cancelled:
        return "Nothing is planned: the order was cancelled."
    if rule.on_since is None:
        return "Nothing is planned: requests are off."
    if order.fulfilled_at is None:
        return "Nothing is planned: the order has not left yet."
    if order.fulfilled_at < rule.on_since:
        return "Nothing is planned: the order left before requests were switched on."
    return "It is planned within a minute."
