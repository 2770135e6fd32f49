"""Where a store's reviews are sent: its Kustomer integration."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.lib.sealed import Sealed
from reviews_app.models.base import Base, Identified, StoreOwned


class Mode(StrEnum):
    """Whether it takes reviews now."""

    OFF = "off"
    ACTIVE = "active"
    THROTTLED = "throttled"
    PAUSED = "paused"
    NEEDS_ATTENTION = "needs_attention"


HOLDING = frozenset({Mode.OFF, Mode.PAUSED, Mode.NEEDS_ATTENTION})


class AttentionReason(StrEnum):
    """What only a person can put right."""

    KEY = "key"
    HOOK_GONE = "hook_gone"
    REDIRECT = "redirect"
    ADDRESS_REFUSED = "address_refused"
    CERTIFICATE = "certificate"
    REFUSED_BODY = "refused_body"


# A shopper who gives one or two stars is usually waiting for somebody.
OPENS_AT = 2
# How long pages say that it works again.
GOOD_NEWS = timedelta(days=1)


class Destination(Identified, StoreOwned, Base):
    """One Kustomer hook with its key, and how it has been answering.

    `off_since` stays after it is on again until the merchant has said what becomes of the reviews left meanwhile.
    `is_heal_untold`: a trouble that was told by mail is over, and that was not told yet.
    `is_refusal_untold`: a review was given up since the owners were last told of such, at most once a day.
    `next_key` and `next_url` are on trial: saved while it needs attention, used for what goes, kept once one arrived.
    `opens_at`: the workflow made for the store opens a conversation at that many stars and below; 0 opens none.
    `probe_at` is the moment before which nothing more is sent: by the pace while active, by the probes while throttled.
    """

    __tablename__ = "destination"

    api_url: Mapped[str] = mapped_column(default="")
    api_key: Mapped[Sealed | None]
    mode: Mapped[Mode] = mapped_column(Word(Mode), default=Mode.OFF)
    reason: Mapped[AttentionReason | None] = mapped_column(Word(AttentionReason))
    reason_detail: Mapped[str] = mapped_column(default="")
    throttled_until: Mapped[datetime | None]
    probe_at: Mapped[datetime | None]
    last_class: Mapped[str] = mapped_column(default="")
    same_class_count: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]
    last_delivered_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    off_since: Mapped[datetime | None]
    is_heal_untold: Mapped[bool] = mapped_column(default=False)
    is_refusal_untold: Mapped[bool] = mapped_column(default=False)
    refusal_told_at: Mapped[datetime | None]
    next_key: Mapped[Sealed | None]
    next_url: Mapped[str] = mapped_column(default="")
    healed_at: Mapped[datetime | None]
    opens_at: Mapped[int] = mapped_column(default=OPENS_AT)

    @property
    def is_on_trial(self) -> bool:
        """Whether a new key and address wait for their first review to arrive."""
        return self.next_key is not None

    @property
    def key_in_use(self) -> Sealed | None:
        """The key that goes with what is sent now."""
        return self.next_key or self.api_key

    @property
    def url_in_use(self) -> str:
        """Where what is sent now goes."""
        return self.next_url if self.is_on_trial else self.api_url

    def is_just_healed(self, now: datetime) -> bool:
        """Whether it needed somebody and works again since less than a day."""
        return self.healed_at is not None and self.mode is Mode.ACTIVE and now - self.healed_at < GOOD_NEWS

    def keep(self, key: Sealed | None, url: str) -> None:
        """Take a key and an address for good; nothing is on trial any more."""
        self.api_key, self.api_url = key, url
        self.next_key, self.next_url = None, ""

    def try_out(self, key: Sealed, url: str) -> None:
        """Put a key and an address on trial beside the ones kept."""
        self.next_key, self.next_url = key, url

    @property
    def takes_new_reviews(self) -> bool:
        """Whether a review left now is due to Kustomer (held counts, off does not)."""
        return self.mode is not Mode.OFF
