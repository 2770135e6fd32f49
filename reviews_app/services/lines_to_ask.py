"""Which products of an order a mail may ask about now."""

from collections.abc import Callable
from datetime import datetime, timedelta

from reviews_app.models.consent_law import law_of, may_ask
from reviews_app.models.not_sent import NotSent
from reviews_app.models.order import ConsentBasis, Order, OrderLine
from reviews_app.models.review import ReviewState
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.order_to_review import LineToReview, OrderToReview, Standing
from reviews_app.services.request_refused import (
    ConsentLacking,
    NothingLeftToReview,
    OrderCancelled,
    OrderEmpty,
    OrderNotFulfilled,
)

# A product that was put off until this evening is asked about this morning.
SAME_DAY = timedelta(days=1)
SHOWN = frozenset({ReviewState.PUBLISHED, ReviewState.PENDING})


def lines_to_ask(
    order: Order, standing: OrderToReview, asking: Asking, *, store: Store, now: datetime
) -> list[OrderLine]:
    """At least one line, in the order's sequence. Raises the RequestRefused that says why there is none.

    Products that were given back or reviewed are never among them. A mail that asks for a picture is about reviews
    without one, whatever their stars; the mail a buyer wished for is about what was put off until now.
    """
    if not order.kept_lines:
        raise OrderCancelled if order.lines or order.is_cancelled else OrderEmpty
    if order.fulfilled_at is None or order.fulfilled_at > now:
        raise OrderNotFulfilled
    country = order.country_code or store.home_country
    if not may_ask(order.consent_basis, country):
        refused = order.consent_basis is ConsentBasis.REFUSED
        raise ConsentLacking(NotSent.CONSENT_REFUSED if refused else NotSent.NO_CONSENT, law_of(country))
    fits = FITS[asking]
    found = [one.line for one in standing.lines if fits(one, order, now)]
    if not found:
        raise NothingLeftToReview
    return found


def _is_open(one: LineToReview, _order: Order, _now: datetime) -> bool:
    return one.standing is Standing.OPEN


def _is_wished_for(one: LineToReview, _order: Order, now: datetime) -> bool:
    return one.standing is Standing.LATER and one.ask_at is not None and one.ask_at <= now + SAME_DAY


def _lacks_picture(one: LineToReview, order: Order, _now: datetime) -> bool:
    review = one.review
    is_of_order = review is not None and review.order_id == order.id and not one.line.is_refunded
    return is_of_order and review is not None and review.state in SHOWN and not review.has_media


FITS: dict[Asking, Callable[[LineToReview, Order, datetime], bool]] = {
    Asking.BY_HAND: _is_open,
    Asking.REQUEST: _is_open,
    Asking.REMINDER: _is_open,
    Asking.LATER: _is_wished_for,
    Asking.PHOTO: _lacks_picture,
}
