"""The form of a product's picture."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField, ValidationError

from reviews_app.media.signature import BYTES_NEEDED, picture_kind
from reviews_app.web.form_fields import AtMost, Writable

MOST_BYTES = 15 * 1024 * 1024
MOST_REQUEST = MOST_BYTES + 64 * 1024
TOO_LARGE = "The file is larger than 15 MB. Send a smaller one."


class PictureForm(FlaskForm):
    """One file and what is to be seen on it."""

    picture = FileField("Picture")
    alt = StringField("What it shows", [Writable(), AtMost(200)])

    def validate_picture(self, field: Any) -> None:
        """A file that only begins like a picture is found out when it is drawn anew."""
        if not field.data:
            raise ValidationError("Choose a picture.")
        if picture_kind(field.data.read(BYTES_NEEDED)) is None:
            raise ValidationError("This file is no picture we can read. Send a JPEG, PNG, WebP, AVIF, GIF or HEIC.")
        if BYTES_NEEDED + len(field.data.read(MOST_BYTES)) > MOST_BYTES:
            raise ValidationError(TOO_LARGE)
        field.data.seek(0)
