"""Shopify's own webhooks."""

from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue

from reviews_app.integrations.shop_values import moment, values_of
from reviews_app.integrations.shopify.topics import report_of
from reviews_app.models.callback import CallbackSource
from reviews_app.web.callbacks.blueprint import callbacks
from reviews_app.web.callbacks.take import key_of, take, told
from reviews_app.web.guards import signed_callback
from reviews_app.web.signed_call import SignedCall
from reviews_app.web.tools import tools


@callbacks.post("/<store>/shopify")
@signed_callback(CallbackSource.SHOPIFY)
def shopify(call: SignedCall) -> ResponseReturnValue:
    """Whatever the topic; once the signature is right the answer is 2xx, else Shopify would take the webhook away."""
    topic = request.headers.get("X-Shopify-Topic", "")[:100]
    now = tools().clock()
    row = take(
        call,
        key=key_of(call, topic, request.headers.get("X-Shopify-Webhook-Id", "")),
        topic=topic,
        read=lambda: report_of(topic, values_of(call.body), sent_at=_sent_at(now), now=now),
    )
    return told(row, refused_status=200)


def _sent_at(now: datetime) -> datetime:
    return moment({"at": request.headers.get("X-Shopify-Triggered-At", "")}, "at", now=now) or now
