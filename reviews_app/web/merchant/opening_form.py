"""At how many stars the ready-made workflow opens a conversation."""

from flask_wtf import FlaskForm

from reviews_app.web.form_fields import choice
from reviews_app.web.merchant.choice_fields import OneOf

CHOICES = (
    ("0", "Never"),
    ("1", "1 star"),
    ("2", "1 or 2 stars"),
    ("3", "1 to 3 stars"),
    ("4", "1 to 4 stars"),
    ("5", "Every review"),
)


class OpeningForm(FlaskForm):
    """One of six answers."""

    opens_at = OneOf(
        "Open a conversation at",
        "Choose at how many stars a conversation is opened.",
        choices=[choice(value, words) for value, words in CHOICES],
    )
