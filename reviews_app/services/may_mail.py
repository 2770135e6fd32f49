"""Whether an address may be asked for reviews by a store."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from reviews_app.lib.email_address import ascii_email, plain_email
from reviews_app.models.store import Store
from reviews_app.models.suppression import SuppressionReason
from reviews_app.queries.suppressions import suppressed


class WhyNot(StrEnum):
    """Why no mail that asks may go to an address."""

    NO_ADDRESS = "no_address"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"

    @property
    def words(self) -> str:
        """The reason as a merchant reads it."""
        return WORDS[self]


WORDS = {
    WhyNot.NO_ADDRESS: "There is no address a mail could go to.",
    WhyNot.UNSUBSCRIBED: "The buyer asked for no more of these mails.",
    WhyNot.BOUNCED: "An earlier mail came back: the mailbox takes none.",
    WhyNot.COMPLAINED: "The buyer marked an earlier mail as spam.",
    WhyNot.ERASED: "The person was erased, and is not written to again.",
}


def why_not(session: Session, *, store: Store, address: str, now: datetime) -> WhyNot | None:
    """The reason for which this store may not ask this address now; None when it may."""
    mailable = ascii_email(address)
    if mailable is None or plain_email(mailable) is None:
        return WhyNot.NO_ADDRESS
    reason: SuppressionReason | None = suppressed(session, store.id, [address], now=now).get(address)
    return WhyNot(reason) if reason else None
