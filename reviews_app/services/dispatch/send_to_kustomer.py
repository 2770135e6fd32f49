"""Sends due reviews to a store's Kustomer: claim, call, record, with no transaction open during the call."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.database import transaction
from reviews_app.db.job_names import JobName
from reviews_app.integrations.kustomer.classify import Result, result_of_answer, result_of_failure
from reviews_app.lib.outgoing_http import CallFailed, OutgoingHttp
from reviews_app.models.delivery import Attempt, Delivery, DeliveryState
from reviews_app.models.destination import Destination
from reviews_app.services.dispatch import free_slots
from reviews_app.services.dispatch.claim_deliveries import Claimed, claim_deliveries
from reviews_app.services.record_delivery import Recorder
from reviews_app.services.tools import Tools

GOES_ON_SECONDS = 10.0


def send_to_kustomer(
    delivery_id: UUID, *, tools: Tools, http: OutgoingHttp, per_second: float = free_slots.PER_SECOND
) -> int:
    """Send the delivery if it is due, then go on with its destination's due rows for at most ten seconds.

    Gives how many arrived. Safe to run twice or at once: a row is sent by whoever claimed it. When the ten
    seconds are over and more is due, the bell is rung again, so that other stores get their turn.
    """
    stop_at = time.monotonic() + GOES_ON_SECONDS
    arrived = 0
    with ThreadPoolExecutor(free_slots.SLOTS) as threads:
        while (claim := claim_deliveries(delivery_id, per_second=per_second, tools=tools)).come_back is not None:
            results = list(threads.map(lambda one: _post(one, tools=tools, http=http), claim.rows))
            arrived += _record(list(zip(claim.rows, results, strict=True)), tools=tools)
            if time.monotonic() + claim.come_back >= stop_at:
                _ring_again(delivery_id)
                break
            time.sleep(claim.come_back)
    return arrived


def _ring_again(delivery_id: UUID) -> None:
    with transaction() as session:
        ring_after_commit(session, JobName.SEND_REVIEW_TO_KUSTOMER, delivery_id)


def _post(claimed: Claimed, *, tools: Tools, http: OutgoingHttp) -> Result:
    headers = {"Authorization": f"Bearer {claimed.key}", "Content-Type": "application/json"}
    try:
        answer = http.post(claimed.url, claimed.body, headers=headers)
    except CallFailed as failure:
        return result_of_failure(failure)
    return result_of_answer(answer, now=tools.clock())


def _record(done: list[tuple[Claimed, Result]], *, tools: Tools) -> int:
    """All finished ones in one transaction, each guarded by its lease."""
    if not done:
        return 0
    recorder = Recorder(unit=tools.settings.delivery_time_unit, spread=random.SystemRandom())
    arrived = 0
    with transaction() as session:
        _lock_destination(session, done[0][0].delivery_id)
        for claimed, result in done:
            arrived += _record_one(session, claimed, result, recorder=recorder, tools=tools)
    return arrived


def _lock_destination(session: Session, delivery_id: UUID) -> None:
    of_delivery = select(Delivery.destination_id).where(Delivery.id == delivery_id).scalar_subquery()
    session.scalar(select(Destination).where(Destination.id == of_delivery).with_for_update())


def _record_one(session: Session, claimed: Claimed, result: Result, *, recorder: Recorder, tools: Tools) -> bool:
    now = tools.clock()
    row = session.scalar(select(Delivery).where(Delivery.id == claimed.delivery_id).with_for_update(of=Delivery))
    attempt = session.scalar(select(Attempt).where(Attempt.delivery_id == claimed.delivery_id, Attempt.n == claimed.n))
    if row is None or attempt is None:
        return False
    attempt.finished_at = now
    attempt.status = result.status
    attempt.outcome = str(result.outcome)
    attempt.cause = result.cause
    attempt.answer_head = result.head.replace("\0", "")
    if row.lease_token == claimed.lease_token:
        recorder.record(session, row, result, now=now)
    return row.state is DeliveryState.DELIVERED
