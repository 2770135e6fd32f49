"""Goes on with a bulk send by some hundred reviews; killed between two, the clock table rings again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.lib.clock import Clock
from reviews_app.models.bulk_send import BulkKind, BulkSend
from reviews_app.models.delivery import Delivery, Trigger
from reviews_app.queries.page_by_key import older
from reviews_app.services.replay_delivery import make_due_again
from reviews_app.services.send_past_reviews import send_past_reviews

# One transaction stays short: other writers of SQLite wait for it.
STEP = 200


def continue_bulk_send(session: Session, bulk_id: UUID, *, clock: Clock) -> int:
    """Plan the next reviews and ring for the rest; gives how many. Two at once: the second finds it locked or done."""
    found = select(BulkSend).where(BulkSend.id == bulk_id, BulkSend.finished_at.is_(None))
    bulk = session.scalar(found.with_for_update(skip_locked=True, of=BulkSend))
    if bulk is None:
        return 0
    room = min(STEP, bulk.total - bulk.planned)
    done = _past(session, bulk, room, clock) if bulk.kind is BulkKind.PAST else _again(session, bulk, room, clock())
    bulk.planned += done
    if done == 0 or bulk.planned >= bulk.total:
        bulk.finished_at = clock()
    else:
        ring_after_commit(session, JobName.CONTINUE_BULK_SEND, bulk.id)
    return done


def ring_for_bulk_sends(session: Session) -> int:
    """A bell may be lost; the row is not."""
    ids = session.scalars(select(BulkSend.id).where(BulkSend.finished_at.is_(None))).all()
    for bulk_id in ids:
        ring_after_commit(session, JobName.CONTINUE_BULK_SEND, bulk_id)
    return len(ids)


def _past(session: Session, bulk: BulkSend, room: int, clock: Clock) -> int:
    return send_past_reviews(session, bulk.destination, limit=room, since=bulk.since, clock=clock)


def _again(session: Session, bulk: BulkSend, room: int, now: datetime) -> int:
    """By key, so that one that fails at once is not taken twice; what came after it was asked for stays."""
    rows = select(Delivery).where(
        Delivery.destination_id == bulk.destination_id,
        Delivery.review_id.is_not(None),
        Delivery.created_at <= bulk.created_at,
        Delivery.state == bulk.state,
    )
    if bulk.after_at is not None and bulk.after_id is not None:
        rows = rows.where(older(Delivery.created_at, Delivery.id, than=(bulk.after_at, bulk.after_id)))
    newest_first = rows.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(room)
    taken = session.scalars(newest_first.with_for_update(of=Delivery)).all()
    for row in taken:
        make_due_again(row, trigger=Trigger.BULK, now=now)
    if taken:
        bulk.after_at, bulk.after_id = taken[-1].created_at, taken[-1].id
        ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, taken[0].id)
    return len(taken)
