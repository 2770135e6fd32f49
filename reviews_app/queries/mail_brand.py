"""Who a store's mails come from and how they look."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.models.mail_sender import MailSender
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.store import Store


@dataclass(frozen=True, slots=True)
class MailBrand:
    """A store's sender and style; fresh ones, in no table, where it saved none."""

    sender: MailSender
    style: MailStyle

    @property
    def is_proven(self) -> bool:
        """Whether a test mail was received: only then requests go out by themselves."""
        return self.sender.confirmed_at is not None

    def address(self, usual: str) -> str:
        """Where mails come from: the store's own address once a mail from it was received."""
        return self.sender.address if self.sender.address and self.is_proven else usual


def mail_brand(session: Session, store: Store) -> MailBrand:
    """The store's sender and style."""
    sender = session.scalar(select(MailSender).where(MailSender.store_id == store.id))
    style = session.scalar(select(MailStyle).where(MailStyle.store_id == store.id))
    return MailBrand(
        sender or MailSender(store_id=store.id, name="", address=""),
        style or MailStyle(store_id=store.id, accent="", texts={}, counts_opens=False, logo_name="", logo_trouble=""),
    )
