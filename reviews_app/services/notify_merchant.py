"""Tells a store's owners by mail that Kustomer needs them."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.mail.delivery_notice import delivery_notice
from reviews_app.mail.message import AddressRefused, Envelope, compose
from reviews_app.models.account import Account
from reviews_app.models.delivery import Delivery, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.store import Store
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.tools import Tools

log = structlog.get_logger()


def notify_merchants(session: Session, *, tools: Tools) -> int:
    """Queue one mail to each owner of each store whose destination needs attention and was not told; gives how many."""
    now = tools.clock()
    untold = select(Destination).where(Destination.mode == Mode.NEEDS_ATTENTION, Destination.noticed_at.is_(None))
    return sum(
        _notify(session, destination, tools=tools, now=now)
        for destination in session.scalars(untold.with_for_update(skip_locked=True)).all()
    )


def _notify(session: Session, destination: Destination, *, tools: Tools, now: datetime) -> int:
    destination.noticed_at = now
    store = session.scalars(select(Store).where(Store.id == destination.store_id)).one()
    held = select(Delivery.id).where(Delivery.destination_id == destination.id, Delivery.state == DeliveryState.HELD)
    content = delivery_notice(
        store_name=store.name,
        cause=destination.reason_detail,
        held=len(session.scalars(held).all()),
        link=tools.addresses.kustomer_settings(store.slug),
    )
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
        queue_mail(
            session,
            message,
            kind=MailKind.DELIVERY_NOTICE,
            store_id=store.id,
            clock=tools.clock,
            keyring=tools.keyring,
        )
        told += 1
    return told
