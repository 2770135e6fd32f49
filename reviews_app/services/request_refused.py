"""Why no request goes out: a class each, words for the merchant, and the word that is kept."""

from datetime import datetime

from reviews_app.models.not_sent import NotSent
from reviews_app.services.may_mail import WhyNot


class RequestRefused(Exception):
    """No request goes out; `words` say why, `until` from when one may, `reason` is what a plan keeps of it."""

    words = "No request can be sent for this order."
    reason = NotSent.NOTHING_LEFT
    until: datetime | None = None


class OrderNotFulfilled(RequestRefused):
    """The goods have not arrived."""

    words = "The order is not fulfilled yet."
    reason = NotSent.NOT_FULFILLED


class OrderCancelled(RequestRefused):
    """There is nothing to review."""

    words = "The order was cancelled or given back."
    reason = NotSent.GIVEN_BACK


class OrderEmpty(RequestRefused):
    """The shop told of no product."""

    words = NotSent.EMPTY.words
    reason = NotSent.EMPTY


class ConsentLacking(RequestRefused):
    """The buyer refused, or the country asks for a basis that is not there."""

    def __init__(self, reason: NotSent, law: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = f"{reason.words} ({law})" if law and reason is NotSent.NO_CONSENT else reason.words


class BuyerNotAsked(RequestRefused):
    """The buyer said no, or mail to them came back; `reason` tells which."""

    def __init__(self, reason: WhyNot) -> None:
        super().__init__(reason)
        self.reason = NotSent(str(reason))
        self.words = reason.words


class NotYet(RequestRefused):
    """It may go from `until` on."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class AskedRecently(NotYet):
    """A request for this order went out less than a day ago."""

    words = "A request for this order went out less than a day ago."
    reason = NotSent.ASKED_BY_HAND


class CoolingDown(NotYet):
    """The buyer was asked about another order within the store's cool-down time."""

    words = "This buyer was asked about another order not long ago, and gets a rest as your rule says."
    reason = NotSent.COOL_DOWN


class MailboxFull(NotYet):
    """Three mails went to this address within a day, whichever stores sent them."""

    words = "Three mails went to this address within a day, and no person gets more."
    reason = NotSent.DAILY_LIMIT


class AddressUnusable(RequestRefused):
    """The buyer's address, or the store's for answers, is none."""

    reason = NotSent.NO_ADDRESS

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.words = f"No mail can be sent: {address} is not an address."


class RequestUnwritable(RequestRefused):
    """What should stand in the mail makes none."""

    words = NotSent.UNWRITABLE.words
    reason = NotSent.UNWRITABLE


class NothingLeftToReview(RequestRefused):
    """Every product of the order has its review, or its buyer's word that none comes now."""

    words = "Every product of this order has been reviewed, skipped or put off."
    reason = NotSent.NOTHING_LEFT
