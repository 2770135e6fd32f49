"""A button without fields: only the token against foreign pages."""

from flask import abort
from flask_wtf import FlaskForm


class ActionForm(FlaskForm):
    """What every button of the dashboard sends along."""


def require_action() -> None:
    """The button was pressed on our own page; otherwise the request is refused and nothing changes."""
    if not ActionForm().validate_on_submit():
        abort(400)
