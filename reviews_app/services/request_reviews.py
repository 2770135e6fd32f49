"""Asks a buyer for reviews of an order: a link of its own and a mail, both rows of one transaction."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.tokens import new_token, token_hash
from reviews_app.mail.message import AddressRefused, Envelope, compose
from reviews_app.mail.offer import shown_offer
from reviews_app.mail.review_request import STARS, RequestedProduct, ReviewRequestMail, review_request
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.review import Source
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store
from reviews_app.queries.order_to_review import Standing, order_to_review
from reviews_app.queries.reward_offer import terms_for_order
from reviews_app.services.may_mail import WhyNot, why_not
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.tools import Tools

LINK_LASTS = timedelta(days=90)
ASK_AGAIN_AFTER = timedelta(days=1)
PICTURE_WIDTH = 160


class RequestRefused(Exception):
    """No request goes out; `words` say why."""

    words = "No request can be sent for this order."


class OrderNotFulfilled(RequestRefused):
    """The goods have not arrived."""

    words = "The order is not fulfilled yet."


class OrderCancelled(RequestRefused):
    """There is nothing to review."""

    words = "The order was cancelled or given back."


class BuyerNotAsked(RequestRefused):
    """The buyer said no, or mail to them came back; `reason` tells which."""

    def __init__(self, reason: WhyNot) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = reason.words


class AskedRecently(RequestRefused):
    """A request for this order went out less than a day ago."""

    words = "A request for this order went out less than a day ago."


class AddressUnusable(RequestRefused):
    """The buyer's address, or the store's for answers, is none."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.words = f"No mail can be sent: {address} is not an address."


class NothingLeftToReview(RequestRefused):
    """Every product of the order has its review, or its buyer's word that none comes now."""

    words = "Every product of this order has been reviewed, skipped or put off."


def request_reviews(session: Session, order: Order, *, store: Store, tools: Tools) -> ReviewRequest:
    """Write the request and its mail. Raises a RequestRefused that says why none goes out.

    Only the hash of the link's token is kept; the token itself lies sealed in the mail until that has left.
    """
    now = tools.clock()
    lines = _lines_to_ask_for(session, order, now=now)
    _check_address(session, order, store=store, now=now)
    terms = terms_for_order(session, order, store=store)
    token = new_token()
    mail = queue_mail(
        session,
        _composed(order, lines, terms, store=store, token=token, tools=tools),
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
        expires_at=now + LINK_LASTS,
        terms_id=terms.id if terms else None,
    )
    session.add(request)
    session.flush()
    return request


def _lines_to_ask_for(session: Session, order: Order, *, now: datetime) -> list[OrderLine]:
    if not order.kept_lines:
        raise OrderCancelled
    if order.fulfilled_at is None or order.fulfilled_at > now:
        raise OrderNotFulfilled
    asked = select(ReviewRequest.id).where(
        ReviewRequest.order_id == order.id, ReviewRequest.created_at > now - ASK_AGAIN_AFTER
    )
    if session.scalar(asked.limit(1)) is not None:
        raise AskedRecently
    left = [one.line for one in order_to_review(session, order).lines if one.standing is Standing.OPEN]
    if not left:
        raise NothingLeftToReview
    return left


def _check_address(session: Session, order: Order, *, store: Store, now: datetime) -> None:
    address = order.customer.email
    reason = why_not(session, store=store, address=address, now=now)
    if reason is WhyNot.NO_ADDRESS:
        raise AddressUnusable(address)
    if reason is not None:
        raise BuyerNotAsked(reason)


def _composed(
    order: Order, lines: list[OrderLine], terms: RewardTerms | None, *, store: Store, token: str, tools: Tools
) -> EmailMessage:
    envelope = Envelope(
        sender=tools.settings.sender,
        sender_name=store.name,
        recipient=order.customer.email,
        reply_to=store.reply_address,
        unsubscribe_url=tools.addresses.unsubscribe(token),
    )
    mail = _mail(order, lines, store=store, token=token, tools=tools)
    offer = shown_offer(terms, Source.REVIEW_REQUEST_EMAIL, language="en") if terms else None
    content = review_request(replace(mail, offer=offer))
    try:
        return compose(envelope, content, clock=tools.clock, make_id=tools.make_id)
    except AddressRefused as refused:
        raise AddressUnusable(str(refused)) from None


def _mail(order: Order, lines: list[OrderLine], *, store: Store, token: str, tools: Tools) -> ReviewRequestMail:
    given_name = order.customer.name.split()[0] if order.customer.name.split() else ""
    return ReviewRequestMail(
        store_name=store.name,
        postal_address=store.postal_address,
        buyer_name=given_name,
        order_number=order.number,
        products=tuple(_product(line, token=token, tools=tools) for line in lines),
        all_link=tools.addresses.review_link(token),
        unsubscribe_url=tools.addresses.unsubscribe(token),
    )


def _product(line: OrderLine, *, token: str, tools: Tools) -> RequestedProduct:
    pictures = line.product.pictures
    addresses = tools.addresses
    return RequestedProduct(
        title=line.product.title,
        variant=line.variant.name if line.variant else "",
        picture_url=addresses.picture(pictures[0].name, PICTURE_WIDTH) if pictures else "",
        link=addresses.product_review_link(token, line.product_id),
        star_links=tuple(addresses.product_review_link(token, line.product_id, star) for star in STARS),
    )
