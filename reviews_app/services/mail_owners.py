"""Tells a store's owners something by mail."""

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.mail.message import AddressRefused, Content, Envelope, compose
from reviews_app.models.account import Account
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.store import Store
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.tools import Tools

log = structlog.get_logger()


def mail_owners(session: Session, store: Store, content: Content, *, kind: MailKind, tools: Tools) -> int:
    """Queue one mail to each owner; gives how many. An owner without a usable address keeps none from the others."""
    owners = (
        select(Account.email)
        .join(Membership)
        .where(Membership.store_id == store.id, Membership.role == StoreRole.OWNER)
    )
    told = 0
    for address in session.scalars(owners).all():
        envelope = Envelope(sender=tools.settings.sender, sender_name="Reviews", recipient=address)
        try:
            message = compose(envelope, content, clock=tools.clock, make_id=tools.make_id)
        except AddressRefused:
            # The others, in this store and in all that follow, are told nevertheless.
            log.warning("a notice has no address to go to", store=store.slug)
            continue
        queue_mail(session, message, kind=kind, store_id=store.id, tools=tools)
        told += 1
    return told
