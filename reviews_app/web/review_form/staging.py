"""The scripts' door for pictures: one at a time, before the form is sent."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, StringField

from reviews_app.models.store import Store
from reviews_app.services.stage_picture import PictureNotTaken
from reviews_app.web.review_form import pictures
from reviews_app.web.review_form.form_id import FormIdUnknown, read_form_id


class PictureForm(FlaskForm):
    """One picture, or the id of one to take back."""

    form_id = HiddenField()
    photo = FileField()
    remove_photo = StringField()


def answer_staging(store: Store) -> ResponseReturnValue:
    """JSON: the picture's id, or an error in words. A stale token is told, the form itself then takes the files."""
    form = PictureForm()
    later = {"error": gettext("It will be sent with the form."), "stays": True}, 422
    try:
        form_id = read_form_id(form.form_id.data or "").value
    except FormIdUnknown:
        return later
    if not form.validate_on_submit():
        return later
    if form.remove_photo.data:
        pictures.remove(store, form_id, form.remove_photo.data)
        return {"removed": form.remove_photo.data}
    file = request.files.get("photo")
    if file is None:
        return {"error": gettext("Choose a picture first.")}, 422
    try:
        return {"id": pictures.stage_one(store, form_id, file)}
    except PictureNotTaken as refused:
        return {"error": pictures.words_for(refused)}, 422
