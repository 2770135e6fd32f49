"""Reads a machine's call and proves who signed it, before anything else looks at it."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, request

from reviews_app.db.database import session
from reviews_app.integrations.own_shop.signature import is_own_signed, moment_of
from reviews_app.lib.sealed import SealBroken
from reviews_app.lib.signature import is_signed
from reviews_app.models.callback import CallbackSource
from reviews_app.queries.callbacks import secrets_by_slug
from reviews_app.web.tools import tools

MOST_BYTES = 2 * 1024 * 1024
# Compared when the store or its secret is unknown, so that the answer takes as long.
NOBODYS_SECRET = "whsec_bm9ib2R5J3Mgc2VjcmV0"  # noqa: S105
HEADER = {CallbackSource.SHOPIFY: "X-Shopify-Hmac-Sha256", CallbackSource.WOOCOMMERCE: "X-WC-Webhook-Signature"}


@dataclass(frozen=True, slots=True)
class SignedCall:
    """A call whose signature is right: the store's short name, its raw body, its id and its moment if it has them."""

    store: str
    source: CallbackSource
    body: bytes
    event_id: str
    sent_at: datetime


def read_signed_call(store: str, source: CallbackSource) -> SignedCall:
    """The call; 401 for a wrong, missing or old signature, 413 for too large a body, 503 when no key opens the secret.

    Nothing is written, and an unknown store answers like a wrong signature.
    """
    request.max_content_length = MOST_BYTES
    # A library may have opened the stream before us, with the larger limit of forms.
    if (request.content_length or 0) > MOST_BYTES or len(body := request.get_data(cache=True)) > MOST_BYTES:
        abort(413)
    now = tools().clock()
    sealed = secrets_by_slug(session(), store, source, now=now)
    try:
        secrets = [tools().keyring.open(one) for one in sealed] or [NOBODYS_SECRET]
    except SealBroken:
        abort(503)
    # Every secret is tried, so that the time taken tells nothing.
    signed = [_is_signed(source, body, secret=secret, now=now) for secret in secrets]
    if not sealed or not any(signed):
        abort(401)
    event_id = request.headers.get("webhook-id", "")
    sent_at = moment_of(request.headers["webhook-timestamp"]) if source is CallbackSource.OWN else now
    return SignedCall(store, source, body, event_id, sent_at)


def _is_signed(source: CallbackSource, body: bytes, *, secret: str, now: datetime) -> bool:
    if source is CallbackSource.OWN:
        return is_own_signed(
            body,
            event_id=request.headers.get("webhook-id", ""),
            timestamp=request.headers.get("webhook-timestamp", ""),
            signatures=request.headers.get("webhook-signature", ""),
            secret=secret,
            now=now,
        )
    return is_signed(request.headers.get(HEADER[source], ""), key=secret.encode(), payload=body)
