"""The secrets a store's callers sign with, and what came lately."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.sealed import Sealed
from reviews_app.models.callback import CallbackEvent, CallbackSecret, CallbackSource
from reviews_app.models.store import Store

SHOWN = 30


def callback_secrets(session: Session, store: Store) -> dict[CallbackSource, CallbackSecret]:
    """The store's secrets by who signs with them."""
    rows = session.scalars(select(CallbackSecret).where(CallbackSecret.store_id == store.id))
    return {row.source: row for row in rows}


def secrets_by_slug(session: Session, slug: str, source: CallbackSource, *, now: datetime) -> list[Sealed]:
    """What a caller of that store may have signed with now: the secret, and for a day the one before it."""
    row = session.scalar(
        select(CallbackSecret)
        .join(Store, Store.id == CallbackSecret.store_id)
        .where(Store.slug == slug, CallbackSecret.source == source)
    )
    if row is None:
        return []
    previous = row.previous if row.previous_until is not None and row.previous_until > now else None
    return [row.secret] if previous is None else [row.secret, previous]


def last_events(session: Session, store: Store) -> list[CallbackEvent]:
    """The last thirty, the newest first."""
    mine = select(CallbackEvent).where(CallbackEvent.store_id == store.id)
    return list(session.scalars(mine.order_by(CallbackEvent.received_at.desc(), CallbackEvent.id.desc()).limit(SHOWN)))
