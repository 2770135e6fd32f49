"""Erases one person from a store: what they wrote, who they are, what was still to be sent of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.email_address import mailbox_key
from reviews_app.lib.people import email_key
from reviews_app.models.customer import Customer
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.media import Media
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import ERASED, OutgoingMail
from reviews_app.models.review import RejectionReason, Review, ReviewAnswer, ReviewReply, ReviewState
from reviews_app.models.review_confirmation import ReviewConfirmation
from reviews_app.models.review_version import ReviewVersion
from reviews_app.models.reward import Reward
from reviews_app.models.shop_facts import FactsAbout, ShopFacts
from reviews_app.models.store import Store
from reviews_app.services.record_order import remember_order
from reviews_app.services.roll_up_ratings import count_out
from reviews_app.services.shop_facts import facts_of
from reviews_app.services.suppress_address import forget_suppressed
from reviews_app.services.sweep_media import STAGED_FOR
from reviews_app.services.take_turn import take_turn

UNSENT = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.HELD, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there was."""

    reviews: int
    deliveries_cancelled: int
    customers: int


def erase_person(session: Session, store: Store, email: str, *, clock: Clock) -> Erased:
    """Blank the person's reviews and address, cancel what was not sent, blank stored bodies (GDPR, article 17).

    The rows stay, without a word of the person, so that counts and events are not told twice. A request under way
    in another worker finds its lease gone. Run again it finds nothing.
    """
    take_turn(session, store)
    key = email_key(email)
    mine = select(Review).where(Review.store_id == store.id, Review.email_key == key)
    reviews = session.scalars(mine.with_for_update(of=Review)).all()
    for review in reviews:
        _blank(session, review, now=clock())
    ids = [review.id for review in reviews]
    cancelled = _cancel_deliveries(session, ids)
    _drop_what_belongs(session, ids, now=clock())
    _stop_mails(session, store, key)
    forget_suppressed(session, store.id, email, clock=clock)
    _forget_waiting_facts(session, store, key)
    customers = _forget_customers(session, store, key)
    session.flush()
    return Erased(reviews=len(reviews), deliveries_cancelled=cancelled, customers=customers)


def _blank(session: Session, review: Review, *, now: datetime) -> None:
    if review.state is ReviewState.PUBLISHED:
        count_out(session, review)
    review.state = ReviewState.REJECTED
    review.rejection_reason = RejectionReason.PERSONAL_DATA
    review.decided_at = now
    review.title = review.email = review.name = ""
    review.body = review.display_name = ERASED
    review.email_key = f"erased-{review.id.hex}"
    review.country_code = None
    review.has_media = False
    review.kustomer_due = False


def _cancel_deliveries(session: Session, ids: Sequence[UUID]) -> int:
    """Unsent ones are cancelled; of those that arrived the stored body and the answers go."""
    rows = session.scalars(select(Delivery).where(Delivery.review_id.in_(ids)).with_for_update(of=Delivery)).all()
    unsent = [row for row in rows if row.state in UNSENT and row.delivered_at is None]
    for row in rows:
        row.state = DeliveryState.CANCELLED
        row.lease_token = row.lease_until = None
        row.body = None
        row.body_hash = ""
        row.test_email = ""
        row.review_id = None
    answers = update(Attempt).where(Attempt.delivery_id.in_([row.id for row in rows]))
    session.execute(answers.values(answer_head="").execution_options(synchronize_session="fetch"))
    return len(unsent)


def _drop_what_belongs(session: Session, ids: Sequence[UUID], *, now: datetime) -> None:
    """Answers, replies, earlier words, questions and open rewards go now; files go with the next sweep."""
    session.flush()
    for table in (ReviewAnswer, ReviewReply, ReviewVersion, ReviewConfirmation):
        for row in session.scalars(select(table).where(table.review_id.in_(ids))).all():
            session.delete(row)
    for reward in session.scalars(select(Reward).where(Reward.review_id.in_(ids)).with_for_update(of=Reward)):
        reward.forget(now)
    for file in session.scalars(select(Media).where(Media.review_id.in_(ids))).all():
        file.let_go()
        file.created_at = now - 2 * STAGED_FOR


def _stop_mails(session: Session, store: Store, key: str) -> None:
    """A mail that waits is not sent; of those that left the address goes, the subject and what a server said."""
    names = {key, mailbox_key(key)}
    theirs = select(OutgoingMail).where(
        OutgoingMail.store_id == store.id, func.lower(OutgoingMail.recipient).in_(names)
    )
    for mail in session.scalars(theirs.with_for_update()).all():
        mail.forget_person()


def _forget_orders(session: Session, store: Store, customer: Customer) -> None:
    """The order stays as a number with its products; a later event about it brings nobody back."""
    for order in session.scalars(select(Order).where(Order.customer_id == customer.id)).all():
        facts = facts_of(session, store, FactsAbout.ORDER, shop_id=order.shop_id)
        if not facts.known:
            remember_order(order, facts)
        facts.forget_person()
        order.buyer_name = order.consent_text = ""


def _forget_waiting_facts(session: Session, store: Store, key: str) -> None:
    """Facts of orders that do not show yet, as their lines or their day are not known."""
    is_shown = exists().where(Order.store_id == ShopFacts.store_id, Order.shop_id == ShopFacts.shop_id)
    address = ShopFacts.known[("newest", "email", 1)].as_string()
    waiting = select(ShopFacts).where(
        ShopFacts.store_id == store.id, ShopFacts.about == FactsAbout.ORDER, address.is_not(None), ~is_shown
    )
    for facts in session.scalars(waiting).all():
        if email_key(facts.newest("email") or "") == key:
            facts.forget_person()


def _forget_customers(session: Session, store: Store, key: str) -> int:
    customers = session.scalars(select(Customer).where(Customer.store_id == store.id, Customer.email_key == key)).all()
    for customer in customers:
        _forget_orders(session, store, customer)
        customer.email = customer.name = ""
        customer.email_key = f"erased-{customer.id.hex}"
        customer.country_code = None
    return len(customers)
