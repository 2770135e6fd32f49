"""The page's script sends a file straight to the bucket, and then tells us."""

from uuid import UUID

from flask import current_app, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from reviews_app.db.database import session, transaction
from reviews_app.models.store import Store
from reviews_app.services.direct_upload import offer_upload, take_offered
from reviews_app.services.media_offers import OFFER_HOLDS
from reviews_app.services.stage_picture import PictureNotKept, Sent, known_file
from reviews_app.web.limits import may_be_offered
from reviews_app.web.review_form import pictures
from reviews_app.web.tools import tools

SALT = "direct-upload"
LONGEST = 400
MOST_DIGITS = 12


def offer(store: Store, sent: Sent) -> ResponseReturnValue:
    """Where to send it, with a word that says whose form it is for; nothing when it is sent here; the picture itself
    when it is there already. Raises PictureNotTaken.

    Beyond a day's files nothing is offered, and our own door counts what comes.
    """
    known = known_file(session(), store, sent)
    if known is not None:
        return {"photo": pictures.shown(known, store).to_json()}
    count = request.form["offer"]
    byte_count = int(count) if count.isascii() and count.isdigit() and len(count) <= MOST_DIGITS else 0
    if not may_be_offered(sent.sender_key):
        return {"offer": None}
    with transaction() as writing:
        made = offer_upload(writing, store, sent, byte_count=byte_count, storage=tools().storage, clock=tools().clock)
    if made is None:
        return {"offer": None}
    token = _serializer().dumps([store.id.hex, sent.form_id, made.name])
    return {"offer": {"url": made.offer.url, "fields": made.offer.fields, "token": token}}


def finish(store: Store, sent: Sent) -> pictures.StagedPicture:
    """What was sent there becomes a picture of this form. Raises PictureNotTaken."""
    known = known_file(session(), store, sent)
    if known is not None:
        return pictures.shown(known, store)
    name = _name(store, sent, request.form["offered"])
    return pictures.added(store, sent, take_offered(session(), store, name, storage=tools().storage))


def _name(store: Store, sent: Sent, token: str) -> str:
    """The name that was offered to this form of this store; another's is none."""
    try:
        store_id, form_id, name = _serializer().loads(token[:LONGEST], max_age=int(OFFER_HOLDS.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        raise PictureNotKept from None
    if UUID(store_id) != store.id or form_id != sent.form_id:
        raise PictureNotKept
    return str(name)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=SALT)
