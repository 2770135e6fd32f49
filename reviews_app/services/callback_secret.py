"""The secret a shop's machine signs with: sealed at once, shown once, the one before it good for a day."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.clock import Clock
from reviews_app.lib.sealed import Keyring
from reviews_app.lib.signature import new_secret, new_word
from reviews_app.models.callback import CallbackSecret, CallbackSource
from reviews_app.models.store import Store

PREVIOUS_LASTS = timedelta(days=1)


def make_callback_secret(
    session: Session, store: Store, source: CallbackSource, *, keyring: Keyring, clock: Clock
) -> str:
    """A new secret, given back this one time. Raises SealBroken without an encryption key."""
    secret = new_secret() if source is CallbackSource.OWN else new_word()
    save_callback_secret(session, store, source, secret=secret, keyring=keyring, clock=clock)
    return secret


def save_callback_secret(
    session: Session, store: Store, source: CallbackSource, *, secret: str, keyring: Keyring, clock: Clock
) -> CallbackSecret:
    """Keep a secret made elsewhere; what was signed with the one before is taken for another day."""
    row = session.scalar(
        select(CallbackSecret).where(CallbackSecret.store_id == store.id, CallbackSecret.source == source)
    )
    if row is None:
        row = CallbackSecret(store_id=store.id, source=source)
        session.add(row)
    else:
        row.previous, row.previous_until = row.secret, clock() + PREVIOUS_LASTS
    row.secret = keyring.seal(secret)
    row.saved_at = clock()
    session.flush()
    return row
