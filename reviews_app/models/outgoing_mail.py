"""A mail that must leave us, as a row written with its cause."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.lib.column_types import Word
from reviews_app.lib.sealed import Sealed
from reviews_app.models.base import Base, Identified


class MailKind(StrEnum):
    """What the mail is about."""

    REVIEW_REQUEST = "review_request"
    INVITATION = "invitation"
    ACCOUNT = "account"
    DELIVERY_NOTICE = "delivery_notice"
    CONFIRMATION = "confirmation"
    REVIEW_NOTICE = "review_notice"
    REWARD = "reward"
    REWARD_NOTICE = "reward_notice"
    SENDER_TEST = "sender_test"
    PRIVACY_NOTICE = "privacy_notice"


class MailState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


# What a buyer may refuse to get; the rest is about an account or a store's own business.
ASKING = frozenset({MailKind.REVIEW_REQUEST, MailKind.CONFIRMATION})

ERASED = "(erased)"
PERSON_ERASED = "The person was erased."


class OutgoingMail(Identified, Base):
    """A finished message, sealed because it may hold a link's token; blanked once it left.

    `store_id` is empty for mails about an account. `mailbox` is the recipient as compared: one person's mails of all
    stores are counted by it.
    `store_id` is empty for mails about an account. `sender` is the From address, `provider` the recipient's host.
    `cuts` counts the times the line broke when the message had been handed over.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_due", "state", "next_at"),
        Index("ix_outgoing_mail_recipient", "recipient", "created_at"),
        Index("ix_outgoing_mail_mailbox", "mailbox", "created_at"),
        Index("ix_outgoing_mail_sent", "sent_at"),
    )

    store_id: Mapped[UUID | None] = mapped_column(ForeignKey("store.id"), index=True)
    kind: Mapped[MailKind] = mapped_column(Word(MailKind))
    recipient: Mapped[str]
    mailbox: Mapped[str] = mapped_column(default="", server_default="")
    sender: Mapped[str] = mapped_column(default="", server_default="")
    provider: Mapped[str] = mapped_column(default="", server_default="")
    subject: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    message: Mapped[Sealed | None]
    state: Mapped[MailState] = mapped_column(Word(MailState), default=MailState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    cuts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_at: Mapped[datetime]
    enqueued_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[UUID | None]
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]

    def has_left(self, at: datetime) -> None:
        """A server took it: it does not go out again."""
        self.state, self.sent_at, self.message = MailState.SENT, at, None

    def forget_person(self) -> None:
        """A mail that waits is not sent; nothing in the row says any more to whom it went or what came back."""
        is_open = self.state in {MailState.WAITING, MailState.SENDING}
        self.last_error = PERSON_ERASED if is_open else ""
        if is_open:
            self.state = MailState.FAILED
        self.message = self.lease_token = None
        self.recipient = self.mailbox = self.subject = ERASED
        self.provider = ""

    @property
    def is_erased(self) -> bool:
        """Whether its recipient was."""
        return self.recipient == ERASED
