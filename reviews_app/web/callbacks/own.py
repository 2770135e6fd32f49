"""Our own form of call, for any shop."""

from datetime import datetime

from flask.typing import ResponseReturnValue

from reviews_app.integrations.own_shop.mail_event import mail_report
from reviews_app.integrations.own_shop.order import order_report
from reviews_app.integrations.own_shop.product import product_report
from reviews_app.integrations.shop_values import values_of
from reviews_app.models.callback import CallbackSource
from reviews_app.web.callbacks.blueprint import callbacks
from reviews_app.web.callbacks.take import take, told
from reviews_app.web.guards import signed_callback
from reviews_app.web.signed_call import SignedCall
from reviews_app.web.tools import tools


@callbacks.post("/<store>/orders")
@signed_callback(CallbackSource.OWN)
def order(call: SignedCall) -> ResponseReturnValue:
    """An order as of now; 422 with the reason when it cannot be one."""
    row = take(
        call,
        key=call.event_id,
        topic="order",
        read=lambda: order_report(values_of(call.body), as_of=call.sent_at, now=_now()),
    )
    return told(row, refused_status=422)


@callbacks.post("/<store>/products")
@signed_callback(CallbackSource.OWN)
def product(call: SignedCall) -> ResponseReturnValue:
    """A product as of now; 422 with the reason when it cannot be one."""
    row = take(
        call,
        key=call.event_id,
        topic="product",
        read=lambda: product_report(values_of(call.body), as_of=call.sent_at, now=_now()),
    )
    return told(row, refused_status=422)


@callbacks.post("/<store>/mail-events")
@signed_callback(CallbackSource.OWN)
def mail_event(call: SignedCall) -> ResponseReturnValue:
    """A mail of ours came back or was marked as spam; 422 with the reason when it cannot be read."""
    row = take(call, key=call.event_id, topic="mail", read=lambda: mail_report(values_of(call.body)))
    return told(row, refused_status=422)


def _now() -> datetime:
    return tools().clock()
