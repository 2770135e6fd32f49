"""A mail's fate as a provider's relay may tell it: docs/emails.md describes every field."""

from typing import Any

from pydantic import BaseModel, ValidationError

from reviews_app.integrations.own_shop.fields import Email, PerhapsWord, refused
from reviews_app.integrations.own_shop.order import LENIENT
from reviews_app.lib.enhanced_status import enhanced_status
from reviews_app.models.mail_report import MailFate, MailReport
from reviews_app.models.order_report import ReportRefused


class MailEventIn(BaseModel):
    """`message_id` or `email` must be there; `status` is the enhanced code of RFC 3463."""

    model_config = LENIENT
    type: MailFate
    message_id: PerhapsWord = None
    email: Email = None
    status: PerhapsWord = None
    detail: PerhapsWord = None


def mail_report(values: Any) -> MailReport:
    """The report these values are. Raises ReportRefused with each problem and where it is."""
    try:
        event = MailEventIn.model_validate(values)
    except ValidationError as error:
        raise refused(error) from None
    if not event.message_id and not event.email:
        raise ReportRefused("Name the mail by message_id, or whom it was for by email.")
    message_id = (event.message_id or "").strip()
    if message_id and not message_id.startswith("<"):
        message_id = f"<{message_id}>"
    return MailReport(
        fate=event.type,
        message_id=message_id,
        email=event.email or "",
        status=enhanced_status(event.status or ""),
        detail=event.detail or "",
    )
