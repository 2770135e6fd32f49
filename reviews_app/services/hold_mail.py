"""When a queued mail that asks may leave: what held it up meanwhile must not bring it at night, or too many at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from reviews_app.lib.local_hour import by_day
from reviews_app.models.outgoing_mail import ASKING, OutgoingMail
from reviews_app.models.review_request import Asking
from reviews_app.models.store import Store
from reviews_app.queries.mail_grounds import MailGrounds
from reviews_app.services.plan_of_order import zone_of_buyer

# These were planned for an hour of their buyer's; what somebody sends by hand goes at once.
PLANNED = frozenset(Asking) - {Asking.BY_HAND}


def held_until(session: Session, mail: OutgoingMail, grounds: MailGrounds, *, now: datetime) -> datetime | None:
    """The next moment at which its buyer may get it; None when that is now."""
    if mail.kind not in ASKING:
        return None
    allowed = grounds.room.again(mail.mailbox, now=now) or now
    request = grounds.requests.get(mail.id)
    if request is not None and request.kind in PLANNED:
        store = session.get_one(Store, request.store_id)
        allowed = by_day(allowed, grounds.rules[store.id].hour, zone_of_buyer(request.order, store))
    return allowed if allowed > now else None
