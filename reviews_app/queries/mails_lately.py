"""What went to one person lately."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.review import Review
from reviews_app.models.review_request import Asking, ReviewRequest

MOST_A_DAY = 3
DAY = timedelta(days=1)
# What is on its way to a mailbox has left by then, or has not.
SOON = timedelta(minutes=1)
# What a command wrote as of a later day counts on that day. Clocks of several hosts differ by less than this, and who
# waits for another reads its own before.
AHEAD = timedelta(minutes=1)
# These go to merchants and operators about their own work.
OURS = frozenset(
    {MailKind.ACCOUNT, MailKind.INVITATION, MailKind.SENDER_TEST}
    | {MailKind.DELIVERY_NOTICE, MailKind.REVIEW_NOTICE, MailKind.REWARD_NOTICE}
    | {MailKind.PRIVACY_NOTICE}
)


def free_again(session: Session, mailbox: str, *, now: datetime) -> datetime | None:
    """When the next mail may be written to this mailbox, of whichever store; None when it may now."""
    lately = (
        select(OutgoingMail.created_at)
        .where(
            OutgoingMail.mailbox == mailbox,
            OutgoingMail.created_at > now - DAY,
            OutgoingMail.created_at <= now + AHEAD,
            OutgoingMail.state != MailState.CANCELLED,
            OutgoingMail.kind.not_in(OURS),
        )
        .order_by(OutgoingMail.created_at.desc())
        .limit(MOST_A_DAY)
    )
    found = session.scalars(lately).all()
    return found[-1] + DAY if len(found) == MOST_A_DAY else None


def last_asked(session: Session, order: Order) -> datetime | None:
    """When the order's buyer was last asked about another order of this store."""
    asked = (
        select(ReviewRequest.created_at)
        .join(Order, Order.id == ReviewRequest.order_id)
        .outerjoin(OutgoingMail, OutgoingMail.id == ReviewRequest.mail_id)
        .where(
            ReviewRequest.store_id == order.store_id,
            Order.customer_id == order.customer_id,
            Order.id != order.id,
            ReviewRequest.kind.in_((Asking.REQUEST, Asking.BY_HAND)),
            OutgoingMail.state.is_distinct_from(MailState.CANCELLED),
        )
    )
    return session.scalar(asked.order_by(ReviewRequest.created_at.desc()).limit(1))


def last_asked_for(session: Session, order_id: UUID) -> datetime | None:
    """When the newest request for this order was written whose mail was not called back."""
    return session.scalar(_asked_for(order_id).order_by(ReviewRequest.created_at.desc()).limit(1))


def asked_by_hand(session: Session, order_id: UUID) -> bool:
    """Whether somebody of the store asked for this order themselves, and their mail was not called back."""
    by_hand = _asked_for(order_id).where(ReviewRequest.kind == Asking.BY_HAND)
    return session.scalar(by_hand.limit(1)) is not None


def _asked_for(order_id: UUID) -> Select[datetime]:
    return (
        select(ReviewRequest.created_at)
        .outerjoin(OutgoingMail, OutgoingMail.id == ReviewRequest.mail_id)
        .where(
            ReviewRequest.order_id == order_id,
            OutgoingMail.state.is_distinct_from(MailState.CANCELLED),
        )
    )


def is_reviewed(session: Session, order_id: UUID) -> bool:
    """Whether anything of this order was reviewed, whatever became of the review."""
    return bool(reviewed(session, [order_id]))


def reviewed(session: Session, order_ids: Collection[UUID]) -> set[UUID]:
    """Those of these orders of which anything was reviewed."""
    return set(session.scalars(select(Review.order_id).where(Review.order_id.in_(order_ids)).distinct()))
