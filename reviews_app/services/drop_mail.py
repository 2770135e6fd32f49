"""Whether a queued mail may still leave, asked when its sender takes it: the last moment it can be held back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.email_address import mailbox_key
from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import Order, OrderLine
from reviews_app.models.outgoing_mail import ASKING, MailState, OutgoingMail
from reviews_app.models.planned_mail import PlannedMail
from reviews_app.models.review_request import Asking, ReviewRequest
from reviews_app.models.store import Store
from reviews_app.queries.mail_grounds import MailGrounds
from reviews_app.queries.order_to_review import OrderToReview, Standing, order_to_review
from reviews_app.services.lines_to_ask import lines_to_ask
from reviews_app.services.request_refused import RequestRefused
from reviews_app.services.tools import Tools
from reviews_app.services.write_request import write_request

# A person wanted these: the merchant who sees the order, or the buyer.
ASKED_FOR = frozenset({Asking.BY_HAND, Asking.LATER})


class OrderBusy(Exception):
    """Somebody changes the mail's order just now: ask again when they are done."""


def drop_unwanted(session: Session, mail: OutgoingMail, grounds: MailGrounds, *, tools: Tools) -> bool:
    """Cancel a mail its buyer should no longer get, and say why where it was planned; gives whether it was.

    One whose order changed is written anew: what was planned by its sender, what was asked for by hand here.
    Raises OrderBusy instead of waiting for an order: who holds it may wait for one that is held here; SealBroken when
    no key is left to write anew with.
    """
    now = tools.clock()
    if mail.kind not in ASKING or mail.store_id is None:
        return False
    request = grounds.requests.get(mail.id)
    reason = _why_drop(session, mail, grounds, now=now)
    if reason is None:
        return False
    planned = session.scalar(select(PlannedMail).where(PlannedMail.request_id == request.id)) if request else None
    if planned is None and request is not None and reason is NotSent.CHANGED:
        reason = _write_anew(session, request, tools=tools)
    mail.state, mail.message, mail.lease_token = MailState.CANCELLED, None, None
    mail.last_error = reason.words
    if planned is not None and request is not None and reason is NotSent.CHANGED:
        planned.once_more(now)
        if request.kind is Asking.LATER:
            _wish_again(session, request, now=now)
    elif planned is not None:
        planned.not_sent(reason, now)
    if request is not None:
        grounds.changed(request.order_id)
    return True


def is_stopped(mail: OutgoingMail, grounds: MailGrounds) -> bool:
    """Whether the store stopped all mail that asks; what is queued waits until it goes on."""
    if mail.kind not in ASKING or mail.store_id is None:
        return False
    return grounds.rules[mail.store_id].stopped_at is not None


def _write_anew(session: Session, request: ReviewRequest, *, tools: Tools) -> NotSent:
    """Another for what remains, to the order's address of now; gives what became of the first.

    The limits of a day were kept when the first was written, which no longer counts; suppressions are looked at when
    the new one is to leave.
    """
    order = session.get_one(Order, request.order_id)
    store = session.get_one(Store, request.store_id)
    try:
        lines = _lines_left(order, order_to_review(session, order), request, store=store, now=tools.clock())
        write_request(session, order, lines, store=store, tools=tools, asking=request.kind)
    except RequestRefused as refused:
        return refused.reason
    return NotSent.CHANGED


def _wish_again(session: Session, request: ReviewRequest, *, now: datetime) -> None:
    """The wish was granted when the mail was written: what is still open of it is wished for until the next is."""
    order = session.get_one(Order, request.order_id)
    for one in order_to_review(session, order).lines:
        if one.standing is Standing.OPEN and str(one.product_id) in request.product_ids:
            session.add(
                LineWish(
                    store_id=order.store_id,
                    order_id=order.id,
                    product_id=one.product_id,
                    wish=Wish.LATER,
                    ask_at=now,
                    wished_at=now,
                )
            )
    session.flush()


def _why_drop(session: Session, mail: OutgoingMail, grounds: MailGrounds, *, now: datetime) -> NotSent | None:
    if mail.store_id is None:
        return None
    request = grounds.requests.get(mail.id)
    said = grounds.said.get((mail.store_id, mail.recipient))
    # What is said of an address the order no longer has is no reason not to write to the right one.
    if said is not None and not (request is not None and _goes_elsewhere(mail, request.order)):
        return NotSent(str(said))
    return _why_no_longer(session, mail, request, grounds, now=now) if request is not None else None


def _goes_elsewhere(mail: OutgoingMail, order: Order) -> bool:
    """Whether the shop corrected the order's address since."""
    return mailbox_key(mail.recipient) != mailbox_key(order.customer.email)


def _why_no_longer(
    session: Session, mail: OutgoingMail, request: ReviewRequest, grounds: MailGrounds, *, now: datetime
) -> NotSent | None:
    """What happened to the order since."""
    order = grounds.held.get(request.order_id)
    if order is None:
        raise OrderBusy
    store = session.get_one(Store, request.store_id)
    if order.is_cancelled:
        return NotSent.CANCELLED
    if order.has_unnamed_refund and request.kind not in ASKED_FOR:
        return NotSent.UNCLEAR_REFUND
    if request.kind is Asking.REMINDER and order.id in grounds.reviewed:
        return NotSent.REVIEWED
    try:
        lines = _lines_left(order, grounds.standing_of(session, order), request, store=store, now=now)
    except RequestRefused as refused:
        return refused.reason
    is_same = {str(line.product_id) for line in lines}.issuperset(request.product_ids)
    return None if is_same and not _goes_elsewhere(mail, order) else NotSent.CHANGED


def _lines_left(
    order: Order, standing: OrderToReview, request: ReviewRequest, *, store: Store, now: datetime
) -> list[OrderLine]:
    """A wish was granted when its mail was written: what it asks about is as open as in any request."""
    kind = Asking.REQUEST if request.kind is Asking.LATER else request.kind
    return lines_to_ask(order, standing, kind, store=store, now=now)
