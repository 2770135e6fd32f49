"""Why a planned mail waits or was not sent: a word each, and the sentence a merchant reads."""

from enum import StrEnum


class NotSent(StrEnum):
    """One cause; the first that holds is kept."""

    CANCELLED = "cancelled"
    EMPTY = "empty"
    GIVEN_BACK = "given_back"
    UNCLEAR_REFUND = "unclear_refund"
    NO_CONSENT = "no_consent"
    CONSENT_REFUSED = "consent_refused"
    NOT_FULFILLED = "not_fulfilled"
    NO_ADDRESS = "no_address"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"
    NO_REMINDERS = "no_reminders"
    REVIEWED = "reviewed"
    NOTHING_LEFT = "nothing_left"
    HAS_PHOTO = "has_photo"
    ASKED_BY_HAND = "asked_by_hand"
    COOL_DOWN = "cool_down"
    DAILY_LIMIT = "daily_limit"
    SWITCHED_OFF = "switched_off"
    CHANGED = "changed"
    UNWRITABLE = "unwritable"

    @property
    def words(self) -> str:
        """The cause as a merchant reads it."""
        return WORDS[self]


# What the order itself says: a later report may say otherwise.
OF_THE_ORDER = frozenset(
    {
        NotSent.CANCELLED,
        NotSent.EMPTY,
        NotSent.GIVEN_BACK,
        NotSent.UNCLEAR_REFUND,
        NotSent.NO_CONSENT,
        NotSent.CONSENT_REFUSED,
        NotSent.NOT_FULFILLED,
    }
)
WORDS = {
    NotSent.CANCELLED: "The order was cancelled.",
    NotSent.EMPTY: "The shop named no product in the order.",
    NotSent.GIVEN_BACK: "Everything in the order was given back.",
    NotSent.UNCLEAR_REFUND: "Money went back and the shop did not say for which product.",
    NotSent.NO_CONSENT: "The country asks for a basis of consent, and the order came without one.",
    NotSent.CONSENT_REFUSED: "The buyer did not agree to be asked.",
    NotSent.NOT_FULFILLED: "The order has not left yet.",
    NotSent.NO_ADDRESS: "There is no address a mail could go to.",
    NotSent.UNSUBSCRIBED: "The buyer asked for no more of these mails.",
    NotSent.BOUNCED: "An earlier mail came back: the mailbox takes none.",
    NotSent.COMPLAINED: "The buyer marked an earlier mail as spam.",
    NotSent.ERASED: "The person was erased, and is not written to again.",
    NotSent.NO_REMINDERS: "The buyer wants to be asked once an order, no more.",
    NotSent.REVIEWED: "Something of the order has been reviewed already.",
    NotSent.NOTHING_LEFT: "Every product of the order has been reviewed, skipped or put off.",
    NotSent.HAS_PHOTO: "No review of the order is left without a picture.",
    NotSent.ASKED_BY_HAND: "Somebody here asked for this order by hand.",
    NotSent.COOL_DOWN: "The buyer was asked about another order not long ago.",
    NotSent.DAILY_LIMIT: "Three mails went to this address within a day.",
    NotSent.CHANGED: "The order changed while the mail waited; a new one is written.",
    NotSent.UNWRITABLE: "No mail could be made of what the order, its products and your own words say.",
    NotSent.SWITCHED_OFF: "Requests, or this kind of mail, were switched off.",
}
