"""WooCommerce's own webhooks."""

import re

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from reviews_app.integrations.shop_values import values_of
from reviews_app.integrations.woocommerce.topics import report_of
from reviews_app.models.callback import CallbackSource
from reviews_app.web.callbacks.blueprint import callbacks
from reviews_app.web.callbacks.take import key_of_words, take, told
from reviews_app.web.guards import signed_callback
from reviews_app.web.signed_call import SignedCall
from reviews_app.web.tools import tools

PING = re.compile(rb"webhook_id=[0-9]{1,20}")
LONGEST_PING = 40


@callbacks.before_request
def answer_ping() -> ResponseReturnValue | None:
    """Saving a webhook in WooCommerce first asks, unsigned, whether anybody is here; nothing is written."""
    may_be = request.endpoint == "callbacks.woocommerce" and 0 < (request.content_length or 0) < LONGEST_PING
    return jsonify(outcome="ping") if may_be and PING.fullmatch(request.get_data(cache=True)) else None


@callbacks.post("/<store>/woocommerce")
@signed_callback(CallbackSource.WOOCOMMERCE)
def woocommerce(call: SignedCall) -> ResponseReturnValue:
    """Whatever the topic; 2xx once the signature is right, else WooCommerce would switch the webhook off."""
    topic = request.headers.get("X-WC-Webhook-Topic", "")[:100]
    now = tools().clock()
    row = take(
        call,
        # The id is made of the webhook and the second: two orders changed at once come under one. It alone tells apart
        # the two deletions of what was restored between them.
        key=key_of_words(call, request.headers.get("X-WC-Webhook-Delivery-ID", ""), topic),
        topic=topic,
        read=lambda: report_of(topic, values_of(call.body), sent_at=now, now=now),
    )
    return told(row, refused_status=200)
