"""What speaks for and against a batch of queued mails leaving now, read at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import ASKING, MailKind, OutgoingMail
from reviews_app.models.request_rule import RequestRule, default_rule
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.suppression import SuppressionReason
from reviews_app.queries.mailbox_room import MailboxRoom, mailbox_room
from reviews_app.queries.mails_lately import reviewed
from reviews_app.queries.order_to_review import OrderToReview, order_to_review, orders_to_review
from reviews_app.queries.suppressions import suppressed


@dataclass(frozen=True, slots=True)
class MailGrounds:
    """`requests` by the mail that brings them, `rules` by store, `said` by store and recipient what they may not be
    asked for. `held` are the orders locked here: a refund or a review comes before the mail, or after it. `reviewed`
    are those of which anything was reviewed, `standings` how the products of each stand.
    """

    requests: dict[UUID, ReviewRequest]
    rules: dict[UUID, RequestRule]
    said: dict[tuple[UUID, str], SuppressionReason]
    room: MailboxRoom
    held: dict[UUID, Order]
    reviewed: set[UUID]
    standings: dict[UUID, OrderToReview]

    def standing_of(self, session: Session, order: Order) -> OrderToReview:
        """How its products stand, read anew after something was changed here."""
        return self.standings.get(order.id) or order_to_review(session, order)

    def changed(self, order_id: UUID) -> None:
        """What was read of this order no longer holds."""
        self.standings.pop(order_id, None)


def mail_grounds(session: Session, mails: Collection[OutgoingMail], *, now: datetime) -> MailGrounds:
    """Of those among the mails that ask; about the others there is nothing to know.

    Never waits for an order: who holds one may wait for another that is held here.
    """
    asking = [mail for mail in mails if mail.kind in ASKING and mail.store_id is not None]
    requests = _requests(session, asking)
    held = _held(session, [request.order_id for request in requests.values()])
    return MailGrounds(
        requests=requests,
        rules=_rules(session, {mail.store_id for mail in asking if mail.store_id is not None}),
        said=_said(session, asking, now=now),
        room=mailbox_room(session, {mail.mailbox for mail in asking}, now=now),
        held=held,
        reviewed=reviewed(session, held),
        standings=orders_to_review(session, held.values()),
    )


def _rules(session: Session, stores: set[UUID]) -> dict[UUID, RequestRule]:
    """Where none was saved, the one with every default."""
    saved = session.scalars(select(RequestRule).where(RequestRule.store_id.in_(stores)))
    return {store_id: default_rule(store_id) for store_id in stores} | {rule.store_id: rule for rule in saved}


def _requests(session: Session, asking: list[OutgoingMail]) -> dict[UUID, ReviewRequest]:
    bringing = [mail.id for mail in asking if mail.kind is MailKind.REVIEW_REQUEST]
    rows = session.scalars(select(ReviewRequest).where(ReviewRequest.mail_id.in_(bringing)))
    return {request.mail_id: request for request in rows if request.mail_id is not None}


def _held(session: Session, order_ids: Collection[UUID]) -> dict[UUID, Order]:
    mine = (
        select(Order)
        .where(Order.id.in_(order_ids))
        .options(joinedload(Order.customer, innerjoin=True), selectinload(Order.lines))
        .with_for_update(of=Order, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {order.id: order for order in session.scalars(mine)}


def _said(session: Session, asking: list[OutgoingMail], *, now: datetime) -> dict[tuple[UUID, str], SuppressionReason]:
    of_store: dict[UUID, list[str]] = defaultdict(list)
    for mail in asking:
        if mail.store_id is not None:
            of_store[mail.store_id].append(mail.recipient)
    return {
        (store_id, address): reason
        for store_id, addresses in of_store.items()
        for address, reason in suppressed(session, store_id, addresses, now=now).items()
    }
