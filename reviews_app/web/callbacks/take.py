"""The middle of every callback: one transaction, one event, one answer."""

import hashlib
from collections.abc import Callable

from flask import jsonify
from flask.typing import ResponseReturnValue

from reviews_app.db.database import transaction
from reviews_app.models.callback import CallbackEvent, CallbackOutcome
from reviews_app.queries.find_store import find_store
from reviews_app.services.take_event import Report, ShopEvent, take_event
from reviews_app.web.signed_call import SignedCall
from reviews_app.web.tools import tools


def take(call: SignedCall, *, key: str, topic: str, read: Callable[[], Report]) -> CallbackEvent:
    """Take the call in, once by its key."""
    with transaction() as writing:
        store = find_store(writing, call.store)
        return take_event(writing, store, ShopEvent(call.source, key, topic, read), tools=tools())


def told(row: CallbackEvent, *, refused_status: int) -> ResponseReturnValue:
    """What became of it."""
    body = {"outcome": str(row.outcome), "subject": row.subject, "detail": row.detail, "seen": row.times}
    status = {CallbackOutcome.REFUSED: refused_status, CallbackOutcome.WAITS: 202}.get(row.outcome, 200)
    return jsonify(body), status


def key_of(call: SignedCall, topic: str, header: str) -> str:
    """The sender's own id of the event, or one made of what it says."""
    return header[:200] or key_of_words(call, topic)


def key_of_words(call: SignedCall, *heads: str) -> str:
    """A key for a sender whose id alone does not tell two events apart: made of it and of all that was said."""
    return hashlib.sha256("\n".join(heads).encode() + b"\n" + call.body).hexdigest()
