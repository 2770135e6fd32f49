"""Writes a request and its mail, once it is settled that the buyer may be asked and about what."""

from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage

import structlog
from sqlalchemy.orm import Session

from reviews_app.lib.tokens import new_token, token_hash
from reviews_app.mail.environment import MailUnwritable
from reviews_app.mail.message import AddressRefused
from reviews_app.mail.offer import ShownOffer, shown_offer
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.review import Source
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.reward_terms import RewardTerms
from reviews_app.models.store import Store
from reviews_app.queries.request_rule import rule_of
from reviews_app.queries.reward_offer import terms_for_order
from reviews_app.services.compose_request import RequestToWrite, compose_request, language_of
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.request_refused import AddressUnusable, RequestUnwritable
from reviews_app.services.tools import Tools

log = structlog.get_logger()


def write_request(
    session: Session, order: Order, lines: Sequence[OrderLine], *, store: Store, tools: Tools, asking: Asking
) -> ReviewRequest:
    """Both rows; the link lasts as the store's rule says. Raises AddressUnusable, RequestUnwritable or SealBroken,
    and has added nothing then.

    Only the hash of the link's token is kept; the token itself lies sealed in the mail until that has left.
    """
    now = tools.clock()
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
        expires_at=now + timedelta(days=rule_of(session, store).link_days),
        kind=asking,
        language_code=language_of(order, store),
        product_ids=[str(line.product_id) for line in lines],
    )
    session.add(request)
    session.flush()
    return request


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
