"""A store proves that its mails arrive: a test mail to a merchant, who says that it came."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.tokens import new_token, token_hash
from reviews_app.mail.arrival_test import arrival_test
from reviews_app.mail.message import Envelope, compose
from reviews_app.models.mail_sender import MailSender
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.save_mail_look import sender_to_change
from reviews_app.services.tools import Tools

LINK_LASTS = timedelta(days=7)


def send_test_mail(session: Session, store: Store, *, to: str, tools: Tools) -> MailSender:
    """Queue it from the address that is to be proven; an earlier test's link is dead. Raises AddressRefused."""
    sender = sender_to_change(session, store)
    token = new_token()
    address = sender.address or tools.settings.sender
    envelope = Envelope(
        sender=address, sender_name=sender.name or store.name, recipient=to, reply_to=store.reply_address
    )
    content = arrival_test(store_name=store.name, sender=address, link=tools.addresses.sender_test(store.slug, token))
    message = compose(envelope, content, clock=tools.clock, make_id=tools.make_id)
    mail = queue_mail(session, message, kind=MailKind.SENDER_TEST, store_id=store.id, tools=tools)
    sender.test_token_hash, sender.test_mail_id, sender.tested_at = token_hash(token), mail.id, tools.clock()
    session.flush()
    return sender


def find_test(session: Session, store: Store, token: str, *, now: datetime) -> MailSender:
    """The sender a test mail's link is about; raises NotFound for another store's, an old or a replaced one."""
    mine = select(MailSender).where(MailSender.store_id == store.id, MailSender.test_token_hash == token_hash(token))
    found = session.scalar(mine)
    if found is None or found.tested_at is None or now >= found.tested_at + LINK_LASTS:
        raise NotFound
    return found


def confirm_sender(session: Session, store: Store, token: str, *, clock: Clock) -> None:
    """It arrived: from now on requests may go out by themselves. A second time changes nothing."""
    note_received(find_test(session, store, token, now=clock()), clock=clock)
    session.flush()


def note_received(sender: MailSender, *, clock: Clock) -> None:
    """A mail from this sender arrived; the first time is kept."""
    sender.confirmed_at = sender.confirmed_at or clock()
