"""One buyer's way through a store, from the first order to the last review: what happened, and what will."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from reviews_app.models.customer import Customer
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailState
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review import Review
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.queries.not_found import NotFound

MOST_ORDERS = 200
MAIL_OF = {
    Asking.BY_HAND: "Request sent by hand",
    Asking.REQUEST: "Request",
    Asking.REMINDER: "Reminder",
    Asking.PHOTO: "Question for a picture",
    Asking.LATER: "Request the buyer wished for",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing: `words` say it, `about` is the order's number, `detail` the cause. `is_ahead`: it is still to come."""

    at: datetime
    words: str
    about: str
    detail: str = ""
    is_ahead: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A buyer with everything that happened, the newest first."""

    customer: Customer
    moments: list[Moment]


def find_customer(session: Session, store: Store, customer_id: UUID) -> Customer:
    """One buyer of a store; raises NotFound, another store's counts as absent."""
    found = session.scalar(select(Customer).where(Customer.store_id == store.id, Customer.id == customer_id))
    if found is None:
        raise NotFound
    return found


def person_timeline(session: Session, store: Store, customer_id: UUID) -> Person:
    """Their orders, mails and reviews; raises NotFound."""
    customer = find_customer(session, store, customer_id)
    mine = select(Order).where(Order.store_id == store.id, Order.customer_id == customer.id)
    orders = session.scalars(mine.order_by(Order.placed_at.desc()).limit(MOST_ORDERS)).all()
    numbers = {order.id: order.number for order in orders}
    moments = [
        *_of_orders(orders),
        *_of_plans(session, store, numbers),
        *_of_requests(session, store, numbers),
        *_of_reviews(session, store, numbers),
    ]
    # Of two at one moment the later step stands above, as it came after the other.
    return Person(customer, sorted(moments, key=lambda one: one.at)[::-1])


def _of_orders(orders: Iterable[Order]) -> Iterable[Moment]:
    for order in orders:
        told = (
            (order.placed_at, "Ordered"),
            (order.fulfilled_at, "Sent on its way"),
            (order.delivered_at, "Delivered"),
            (order.cancelled_at, "Cancelled"),
        )
        yield from (Moment(at, words, order.number) for at, words in told if at is not None)
        if order.consent_at is not None:
            basis = str(order.consent_basis or "taken back").replace("_", " ")
            yield Moment(order.consent_at, f"Basis of consent: {basis}", order.number, order.consent_text)


def _of_plans(session: Session, store: Store, numbers: dict[UUID, str]) -> Iterable[Moment]:
    mine = select(PlannedMail).where(PlannedMail.store_id == store.id, PlannedMail.order_id.in_(numbers))
    for plan in session.scalars(mine):
        name, number = MAIL_OF[plan.kind], numbers[plan.order_id]
        reason = plan.reason.words if plan.reason else ""
        if plan.state is PlannedState.PLANNED:
            yield Moment(plan.due_at, f"{name} planned", number, reason, is_ahead=True)
        elif plan.state is PlannedState.NOT_SENT:
            yield Moment(plan.settled_at or plan.due_at, f"{name} not sent", number, reason)


def _of_requests(session: Session, store: Store, numbers: dict[UUID, str]) -> Iterable[Moment]:
    mine = select(ReviewRequest).where(ReviewRequest.store_id == store.id, ReviewRequest.order_id.in_(numbers))
    shows_opened = mail_brand(session, store).style.counts_opens
    for one in session.scalars(mine.options(joinedload(ReviewRequest.mail), selectinload(ReviewRequest.uses))):
        name, number = MAIL_OF[one.kind], numbers[one.order_id]
        yield Moment(one.created_at, f"{name}: mail written", number)
        mail = one.mail
        if mail is not None and mail.state is MailState.SENT and mail.sent_at is not None:
            yield Moment(mail.sent_at, f"{name}: the mail server took it", number)
        elif mail is not None and mail.state in {MailState.FAILED, MailState.CANCELLED}:
            yield Moment(mail.next_at, f"{name}: did not arrive", number, mail.last_error)
        if mail is not None and mail.bounced_at is not None:
            yield Moment(mail.bounced_at, f"{name}: mail came back", number, mail.last_error)
        if shows_opened and one.opened_at is not None:
            yield Moment(one.opened_at, f"{name}: mail opened", number)
        if one.started_at is not None:
            yield Moment(one.started_at, "Began to answer by the link", number)


def _of_reviews(session: Session, store: Store, numbers: dict[UUID, str]) -> Iterable[Moment]:
    mine = select(Review).where(Review.store_id == store.id, Review.order_id.in_(numbers))
    for review in session.scalars(mine.options(joinedload(Review.product))):
        words = f"Reviewed {review.product.title}"
        yield Moment(review.created_at, words, numbers[review.order_id] if review.order_id else "")
