"""Which addresses a store may not ask."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reviews_app.lib.email_address import mailbox_key
from reviews_app.models.store import Store
from reviews_app.models.suppression import Suppression, SuppressionReason, erased_key

SHOWN = 30
# What a person said weighs more than what a server said.
WEIGHT = (
    SuppressionReason.ERASED,
    SuppressionReason.COMPLAINED,
    SuppressionReason.UNSUBSCRIBED,
    SuppressionReason.BOUNCED,
)


def suppressed(
    session: Session, store_id: UUID, addresses: Iterable[str], *, now: datetime
) -> dict[str, SuppressionReason]:
    """The weightiest reason of each of these addresses that may not be asked now; the others are left out."""
    # One mailbox may be asked about in several spellings.
    asked: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        for key in (mailbox_key(address), erased_key(store_id, address)):
            asked[key].append(address)
    rows = session.execute(
        select(Suppression.email_key, Suppression.reason).where(
            Suppression.store_id == store_id,
            Suppression.email_key.in_(asked),
            or_(Suppression.until.is_(None), Suppression.until > now),
        )
    )
    found: dict[str, SuppressionReason] = {}
    for key, reason in sorted(rows, key=lambda row: WEIGHT.index(row.reason), reverse=True):
        found |= dict.fromkeys(asked[key], reason)
    return found


def last_suppressed(session: Session, store: Store) -> list[Suppression]:
    """The newest addresses a store may not ask, without the erased."""
    mine = select(Suppression).where(Suppression.store_id == store.id, Suppression.reason != SuppressionReason.ERASED)
    return list(session.scalars(mine.order_by(Suppression.since.desc(), Suppression.id.desc()).limit(SHOWN)))
