"""Asks a buyer for reviews of an order: a link of its own and a mail, both rows of one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.lib.email_address import mailbox_key
from reviews_app.models.order import Order
from reviews_app.models.review_request import ASK_AGAIN_AFTER, Asking, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.mails_lately import free_again, last_asked_for
from reviews_app.queries.order_to_review import order_to_review
from reviews_app.queries.request_rule import rule_of
from reviews_app.services.cool_down import cooled_at
from reviews_app.services.lines_to_ask import lines_to_ask
from reviews_app.services.may_mail import WhyNot, why_not
from reviews_app.services.request_refused import (
    AddressUnusable,
    AskedRecently,
    BuyerNotAsked,
    CoolingDown,
    MailboxFull,
)
from reviews_app.services.tools import Tools
from reviews_app.services.write_request import write_request


def request_reviews(
    session: Session,
    order: Order,
    *,
    store: Store,
    tools: Tools,
    asking: Asking = Asking.BY_HAND,
    cools_down: bool = False,
) -> ReviewRequest:
    """Write the request and its mail. Raises a RequestRefused that says why none goes out.

    `cools_down` keeps the store's time between two orders of a person: what is planned has waited for it already,
    and a buyer who wishes for a link waits for nothing.
    """
    now = tools.clock()
    lines = lines_to_ask(order, order_to_review(session, order), asking, store=store, now=now)
    if asking is Asking.BY_HAND:
        _check_not_asked_lately(session, order, now=now)
    _check_address(session, order, store=store, now=now)
    if cools_down:
        _check_cooled_down(session, order, store=store, now=now)
    return write_request(session, order, lines, store=store, tools=tools, asking=asking)


def _check_not_asked_lately(session: Session, order: Order, *, now: datetime) -> None:
    last = last_asked_for(session, order.id)
    if last is not None and last > now - ASK_AGAIN_AFTER:
        raise AskedRecently(last + ASK_AGAIN_AFTER)


def _check_cooled_down(session: Session, order: Order, *, store: Store, now: datetime) -> None:
    cooled = cooled_at(session, order, rule_of(session, store), store=store, now=now)
    if cooled is not None:
        raise CoolingDown(cooled)


def _check_address(session: Session, order: Order, *, store: Store, now: datetime) -> None:
    address = order.customer.email
    reason = why_not(session, store=store, address=address, now=now)
    if reason is WhyNot.NO_ADDRESS:
        raise AddressUnusable(address)
    if reason is not None:
        raise BuyerNotAsked(reason)
    mailbox = mailbox_key(address)
    wait_for_others(session, f"mails to {mailbox}")
    free = free_again(session, mailbox, now=now)
    if free is not None:
        raise MailboxFull(free)
