"""The scripts' door for pictures of a form that is still being written: sent one at a time, named, ordered, removed."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField

from reviews_app.db.database import session, transaction
from reviews_app.models.store import Store
from reviews_app.queries.find_review import review_of_form
from reviews_app.services.stage_picture import PictureNotKept, PictureNotTaken, Sent, Ticket
from reviews_app.services.staged_pictures import caption_staged, order_staged
from reviews_app.web.review_form import direct, pictures
from reviews_app.web.review_form.form_id import FormIdUnknown, read_form_id
from reviews_app.web.review_form.picture_words import words_for
from reviews_app.web.review_form.sender import sender_key

MOST_PLACES = 1000
Answer = Callable[[Store, Sent], ResponseReturnValue]


class PictureForm(FlaskForm):
    """What every call names: the form it is about."""

    form_id = HiddenField()


def answer_staging(store: Store, *, beside: int = 0) -> ResponseReturnValue:
    """JSON: what was done, or an error in words. A stale token is told, the form itself then takes the files.

    `beside` counts the pictures that a review which is changed keeps.
    """
    form = PictureForm()
    later = {"error": gettext("It will be sent with the form."), "stays": True}, 422
    try:
        form_id = read_form_id(form.form_id.data or "").value
    except FormIdUnknown:
        return later
    if not form.validate_on_submit():
        return later
    pictures.take_back(store, form_id, request.form)
    asked = next((answer for name, answer in ANSWERS.items() if name in request.files or name in request.form), _list)
    return asked(store, Sent(form_id, request.form.get("file_name", ""), _ticket(), sender_key(store), beside))


def _take(store: Store, sent: Sent) -> ResponseReturnValue:
    """One file; the same key again is the same file."""
    file = request.files.get("photo")
    if file is None:
        return {"error": gettext("Choose a picture first.")}, 422
    return _taken(store, lambda: {"photo": pictures.stage_one(store, sent, file).to_json()})


def _offer(store: Store, sent: Sent) -> ResponseReturnValue:
    """Where the script may send a file without us between."""
    return _taken(store, lambda: direct.offer(store, sent))


def _finish(store: Store, sent: Sent) -> ResponseReturnValue:
    """One file that was sent there."""
    return _taken(store, lambda: {"photo": direct.finish(store, sent).to_json()})


def _taken(store: Store, take: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """What was taken, or why it was not, and whether the same may work later."""
    try:
        return take()
    except PictureNotTaken as refused:
        return {"error": words_for(refused, store), "again": isinstance(refused, PictureNotKept)}, 422


def _ticket() -> Ticket:
    key = next(iter(pictures.sent_keys(request.form)), None)
    return Ticket(place=_place()) if key is None else Ticket(key, _place())


def _remove(store: Store, sent: Sent) -> ResponseReturnValue:
    pictures.remove(store, sent.form_id, request.form["remove_photo"])
    return {"removed": True}


def _caption(store: Store, sent: Sent) -> ResponseReturnValue:
    text = request.form["photo_caption"]
    if wrong := pictures.wrong_caption(text):
        return {"error": wrong[0]}, 422
    with transaction() as writing:
        captions = dict.fromkeys(pictures.sent_keys(request.form), text)
        caption_staged(writing, store, form_id=sent.form_id, captions=captions)
    return {"captioned": True}


def _order(store: Store, sent: Sent) -> ResponseReturnValue:
    keys = pictures.sent_keys(request.form, "photo_order")
    with transaction() as writing:
        order_staged(writing, store, form_id=sent.form_id, upload_keys=keys)
    return {"ordered": True}


def _list(store: Store, sent: Sent) -> ResponseReturnValue:
    """What the form holds; a form that was sent already holds nothing and takes nothing more."""
    is_sent = review_of_form(session(), store, sent.form_id) is not None
    return {"photos": [one.to_json() for one in pictures.staged(store, sent.form_id)], "is_sent": is_sent}


def _place() -> int | None:
    text = request.form.get("place", "")
    return min(int(text), MOST_PLACES) if text.isascii() and text.isdigit() and len(text) < 6 else None


ANSWERS: dict[str, Answer] = {
    "photo": _take,
    "offer": _offer,
    "offered": _finish,
    "remove_photo": _remove,
    "photo_caption": _caption,
    "photo_order": _order,
}
