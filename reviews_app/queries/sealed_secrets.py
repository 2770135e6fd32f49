"""Every secret that is kept, so that an operator sees what a lost key would cost."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.sealed import Sealed
from reviews_app.models.callback import CallbackSecret
from reviews_app.models.coupon import CouponCode
from reviews_app.models.destination import Destination
from reviews_app.models.outgoing_mail import OutgoingMail

COLUMNS = (
    Destination.api_key,
    Destination.next_key,
    OutgoingMail.message,
    CallbackSecret.secret,
    CallbackSecret.previous,
    CouponCode.code,
)


def sealed_secrets(session: Session) -> Iterator[Sealed]:
    """Of all stores: API keys and those on trial, mails that have not left, secrets of callbacks, coupon codes."""
    for column in COLUMNS:
        for sealed in session.scalars(select(column).where(column.is_not(None))):
            if sealed is not None:
                yield sealed
