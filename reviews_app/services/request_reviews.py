"""Asks a buyer for reviews of an order: a link of its own and a mail, both rows of one transaction."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.lib.email_address import mailbox_key
from reviews_app.lib.tokens import new_token, token_hash
from reviews_app.mail.environment import MailUnwritable
from reviews_app.mail.message import AddressRefused
from reviews_app.mail.offer import ShownOffer, shown_offer
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.review import Source
from reviews_app.models.review_request import ASK_AGAIN_AFTER, Asking, ReviewRequest
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store
from reviews_app.queries.mails_lately import free_again
from reviews_app.queries.request_rule import rule_of
from reviews_app.queries.reward_offer import terms_for_order
from reviews_app.services.compose_request import RequestToWrite, compose_request, language_of
from reviews_app.services.cool_down import cooled_at
from reviews_app.services.lines_to_ask import lines_to_ask
from reviews_app.services.may_mail import WhyNot, why_not
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.request_refused import (
    AddressUnusable,
    AskedRecently,
    BuyerNotAsked,
    CoolingDown,
    MailboxFull,
    RequestUnwritable,
)
from reviews_app.services.tools import Tools

LINK_LASTS = timedelta(days=90)

log = structlog.get_logger()


def request_reviews(
    session: Session,
    order: Order,
    *,
    store: Store,
    tools: Tools,
    asking: Asking = Asking.BY_HAND,
    link_lasts: timedelta = LINK_LASTS,
    cools_down: bool = False,
) -> ReviewRequest:
    """Write the request and its mail. Raises a RequestRefused that says why none goes out.

    `cools_down` keeps the store's time between two orders of a person: what is planned has waited for it already,
    and a buyer who wishes for a link waits for nothing.
    Only the hash of the link's token is kept; the token itself lies sealed in the mail until that has left.
    """
    now = tools.clock()
    lines = lines_to_ask(session, order, asking, store=store, now=now)
    if asking is Asking.BY_HAND:
        _check_not_asked_lately(session, order, now=now)
    _check_address(session, order, store=store, now=now)
    if cools_down:
        _check_cooled_down(session, order, store=store, now=now)
    terms = terms_for_order(session, order, store=store)
    token = new_token()
    asked = RequestToWrite(order, lines, token, asking, offer=_offer(terms, order, store, asking=asking))
    mail = queue_mail(
        session,
        _composed(session, asked, store=store, tools=tools),
        kind=MailKind.REVIEW_REQUEST,
        store_id=store.id,
        tools=tools,
    )
    request = ReviewRequest(
        id=tools.make_id(),
        store_id=store.id,
        order_id=order.id,
        mail_id=mail.id,
        token_hash=token_hash(token),
        created_at=now,
        terms_id=terms.id if terms else None,
        expires_at=now + link_lasts,
        kind=asking,
        language_code=language_of(order, store),
        product_ids=[str(line.product_id) for line in lines],
    )
    session.add(request)
    session.flush()
    return request


def _check_not_asked_lately(session: Session, order: Order, *, now: datetime) -> None:
    asked = select(func.max(ReviewRequest.created_at)).where(
        ReviewRequest.order_id == order.id, ReviewRequest.created_at > now - ASK_AGAIN_AFTER
    )
    last = session.scalar(asked)
    if last is not None:
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


def _composed(session: Session, asked: RequestToWrite, *, store: Store, tools: Tools) -> EmailMessage:
    try:
        return compose_request(session, asked, store=store, tools=tools)
    except AddressRefused as refused:
        raise AddressUnusable(str(refused)) from None
    except MailUnwritable as broken:
        log.error("a request could not be written", order=str(asked.order.id), cause=str(broken))
        raise RequestUnwritable from broken


def _offer(terms: RewardTerms | None, order: Order, store: Store, *, asking: Asking) -> ShownOffer | None:
    """What a review earns and on what terms, in the mail's language. A picture put to a review already left earns
    nothing, so the mail that asks for one offers nothing."""
    if terms is None or asking is Asking.PHOTO:
        return None
    return shown_offer(terms, Source.REVIEW_REQUEST_EMAIL, language=language_of(order, store))
