"""Which requests count as sent, on every page that counts them."""

from sqlalchemy import ColumnElement, Exists, exists

from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.models.review_request import ReviewRequest


def mail_of_request() -> Exists:
    """The mail that brings the request, to be narrowed down."""
    return exists().where(OutgoingMail.id == ReviewRequest.mail_id)


def has_left() -> ColumnElement[bool]:
    """Its mail went or is on its way; one that was cancelled before it left asked nobody."""
    return ~mail_of_request().where(OutgoingMail.state == MailState.CANCELLED)
