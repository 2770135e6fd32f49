"""Tells a store's owners by mail that Kustomer needs them, when it is over, and that it refused single reviews."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from reviews_app.mail.delivery_notice import delivery_notice, recovery_notice, refusal_notice
from reviews_app.models.delivery import Delivery, DeliveryKind, DeliveryState
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.store import Store
from reviews_app.services.mail_owners import mail_owners
from reviews_app.services.tools import Tools

# Refused reviews are told together, not one by one.
REFUSALS_EVERY = timedelta(days=1)


def notify_merchants(session: Session, *, tools: Tools) -> int:
    """Queue one mail to each owner of each store whose Kustomer has news; gives how many.

    News are: it needs attention, it works again, it refused reviews. Each trouble is told once and its end once,
    never once a review; refused ones at most once a day, and not while the whole destination needs attention.
    """
    untold = select(Destination).where(Destination.mode == Mode.NEEDS_ATTENTION, Destination.noticed_at.is_(None))
    healed = select(Destination).where(Destination.is_heal_untold)
    refusing = select(Destination).where(
        Destination.is_refusal_untold,
        Destination.mode != Mode.NEEDS_ATTENTION,
        or_(Destination.refusal_told_at.is_(None), Destination.refusal_told_at <= tools.clock() - REFUSALS_EVERY),
    )
    told = [_tell_trouble(session, one, tools=tools) for one in _locked(session, untold)]
    told += [_tell_recovery(session, one, tools=tools) for one in _locked(session, healed)]
    told += [_tell_refusals(session, one, tools=tools) for one in _locked(session, refusing)]
    return sum(told)


def _locked(session: Session, which: Select[Destination]) -> Sequence[Destination]:
    return session.scalars(which.with_for_update(skip_locked=True)).all()


def _tell_trouble(session: Session, destination: Destination, *, tools: Tools) -> int:
    destination.noticed_at = tools.clock()
    store = session.get_one(Store, destination.store_id)
    content = delivery_notice(
        store_name=store.name,
        cause=destination.reason_detail,
        held=_count(session, destination, DeliveryState.HELD),
        link=tools.addresses.kustomer_settings(store.slug),
    )
    return mail_owners(session, store, content, kind=MailKind.DELIVERY_NOTICE, tools=tools)


def _tell_recovery(session: Session, destination: Destination, *, tools: Tools) -> int:
    destination.is_heal_untold = False
    store = session.get_one(Store, destination.store_id)
    content = recovery_notice(
        store_name=store.name,
        waiting=_count(session, destination, DeliveryState.WAITING),
        link=tools.addresses.kustomer_settings(store.slug),
    )
    return mail_owners(session, store, content, kind=MailKind.DELIVERY_NOTICE, tools=tools)


def _tell_refusals(session: Session, destination: Destination, *, tools: Tools) -> int:
    destination.is_refusal_untold = False
    failed = _count(session, destination, DeliveryState.FAILED)
    if not failed:
        return 0
    destination.refusal_told_at = tools.clock()
    store = session.get_one(Store, destination.store_id)
    content = refusal_notice(store_name=store.name, failed=failed, link=tools.addresses.deliveries(store.slug))
    return mail_owners(session, store, content, kind=MailKind.DELIVERY_NOTICE, tools=tools)


def _count(session: Session, destination: Destination, state: DeliveryState) -> int:
    standing = select(func.count()).where(
        Delivery.destination_id == destination.id, Delivery.kind == DeliveryKind.LEFT, Delivery.state == state
    )
    return session.scalar(standing) or 0
