"""Keeps mails that ask away from an address, and lets them go there again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from reviews_app.db.locks import wait_for_others
from reviews_app.lib.clock import Clock
from reviews_app.lib.email_address import mailbox_key
from reviews_app.models.suppression import Suppression, SuppressionReason, erased_key

LONGEST_DETAIL = 300


def suppress_address(
    session: Session,
    store_id: UUID,
    address: str,
    reason: SuppressionReason,
    *,
    clock: Clock,
    detail: str = "",
    until: datetime | None = None,
) -> bool:
    """Note the reason; gives whether it is news. The second time changes nothing but how long it holds.

    An erased person is not written to anyway: nothing readable is noted of them again.
    """
    key = mailbox_key(address)
    wait_for_others(session, f"suppression {store_id} {key}")
    if session.scalar(_of(store_id, erased_key(store_id, address))) is not None:
        return False
    standing = session.scalar(_of(store_id, key).where(Suppression.reason == reason))
    if standing is not None:
        standing.until = None if until is None or standing.until is None else max(until, standing.until)
        return False
    session.add(
        Suppression(
            store_id=store_id,
            email_key=key,
            reason=reason,
            detail=detail[:LONGEST_DETAIL],
            since=clock(),
            until=until,
        )
    )
    session.flush()
    return True


def lift_suppression(session: Session, store_id: UUID, address: str, reason: SuppressionReason) -> bool:
    """Take one reason away, no other; gives whether it stood."""
    gone = delete(Suppression).where(
        Suppression.store_id == store_id,
        Suppression.email_key == mailbox_key(address),
        Suppression.reason == reason,
    )
    return bool(session.execute(gone.returning(Suppression.id)).all())


def forget_suppressed(session: Session, store_id: UUID, address: str, *, clock: Clock) -> None:
    """Nothing readable of an erased person stays, yet nobody writes to them again: only the hash is kept."""
    for row in session.scalars(_of(store_id, mailbox_key(address))).all():
        session.delete(row)
    kept = erased_key(store_id, address)
    if session.scalar(_of(store_id, kept)) is None:
        session.add(
            Suppression(store_id=store_id, email_key=kept, reason=SuppressionReason.ERASED, detail="", since=clock())
        )
    session.flush()


def _of(store_id: UUID, key: str) -> Select[Suppression]:
    return select(Suppression).where(Suppression.store_id == store_id, Suppression.email_key == key)
