"""How many mails one person gets a day, and what counts as one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.queries.mailbox_room import mailbox_room
from reviews_app.queries.mails_lately import DAY, MOST_A_DAY, SOON, free_again
from tests.fakes.clock import START

ANN = "ann@example.com"
INSTANT = timedelta(microseconds=1)
TO_MERCHANTS = {
    MailKind.ACCOUNT,
    MailKind.INVITATION,
    MailKind.DELIVERY_NOTICE,
    MailKind.REVIEW_NOTICE,
    MailKind.REWARD_NOTICE,
    MailKind.SENDER_TEST,
    MailKind.PRIVACY_NOTICE,
}


def send(
    session: Session,
    at: datetime,
    *,
    mailbox: str = ANN,
    kind: MailKind = MailKind.REVIEW_REQUEST,
    state: MailState = MailState.SENT,
) -> None:
    row = OutgoingMail(kind=kind, recipient=mailbox, mailbox=mailbox, subject="", state=state, next_at=at)
    row.message_id, row.created_at, row.enqueued_at = f"<{new_id()}@shop.test>", at, at
    session.add(row)
    session.flush()


def test_a_person_gets_three_mails_a_day_and_the_next_when_the_first_is_a_day_old(session: Session) -> None:
    moments = [START - timedelta(hours=hours) for hours in (20, 5, 1)]
    for place, at in enumerate(moments):
        assert free_again(session, ANN, now=START) is None, place
        send(session, at)
    assert free_again(session, ANN, now=START) == moments[0] + DAY
    assert free_again(session, ANN, now=moments[0] + DAY - INSTANT) == moments[0] + DAY
    assert free_again(session, ANN, now=moments[0] + DAY) is None
    assert free_again(session, "robin@example.com", now=START) is None


def test_of_more_than_three_the_third_newest_decides(session: Session) -> None:
    for hours in (20, 15, 10, 5):
        send(session, START - timedelta(hours=hours))
    assert free_again(session, ANN, now=START) == START - timedelta(hours=15) + DAY


@pytest.mark.parametrize("state", MailState)
def test_a_mail_counts_unless_it_was_called_back(session: Session, state: MailState) -> None:
    for _ in range(MOST_A_DAY):
        send(session, START, state=state)
    assert (free_again(session, ANN, now=START) is None) is (state is MailState.CANCELLED)


@pytest.mark.parametrize("kind", MailKind)
def test_what_merchants_get_about_their_own_work_keeps_no_buyers_mail_back(session: Session, kind: MailKind) -> None:
    for _ in range(MOST_A_DAY):
        send(session, START, kind=kind)
    assert (free_again(session, ANN, now=START) is None) is (kind in TO_MERCHANTS)


def test_mails_written_as_of_a_later_day_count_on_that_day(session: Session) -> None:
    later = START + timedelta(days=30)
    for _ in range(MOST_A_DAY):
        send(session, later)
    assert free_again(session, ANN, now=START) is None
    assert free_again(session, ANN, now=later) == later + DAY


def test_of_two_hosts_the_clock_that_is_a_little_behind_counts_what_the_other_wrote(session: Session) -> None:
    for _ in range(MOST_A_DAY):
        send(session, START + timedelta(seconds=5))
    assert free_again(session, ANN, now=START) == START + timedelta(seconds=5) + DAY


def leave(session: Session, at: datetime | None, **changes: MailKind | MailState | str) -> None:
    """A mail written a week ago that left at that moment, or is on its way."""
    send(session, START - timedelta(days=7), state=MailState.SENT if at else MailState.SENDING)
    row = session.scalars(select(OutgoingMail).order_by(OutgoingMail.message_id.desc()).limit(1)).one()
    row.sent_at = at
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()


def room_of(session: Session, mailbox: str, *, now: datetime) -> datetime | None:
    session.flush()
    return mailbox_room(session, [mailbox], now=now).again(mailbox, now=now)


def test_a_waiting_mail_is_counted_by_what_left_and_not_by_what_was_written(session: Session) -> None:
    for _ in range(MOST_A_DAY):
        send(session, START, state=MailState.WAITING)
    assert room_of(session, ANN, now=START) is None
    moments = [START - timedelta(hours=hours) for hours in (20, 5, 1)]
    for at in moments:
        assert room_of(session, ANN, now=START) is None
        leave(session, at)
    assert room_of(session, ANN, now=START) == moments[0] + DAY
    assert room_of(session, ANN, now=moments[0] + DAY) is None
    assert room_of(session, "robin@example.com", now=START) is None


def test_what_left_as_of_a_later_day_takes_no_room_of_today(session: Session) -> None:
    later = START + timedelta(days=30)
    for _ in range(MOST_A_DAY):
        leave(session, later)
    assert room_of(session, ANN, now=START) is None
    assert room_of(session, ANN, now=later) == later + DAY


def test_what_is_on_its_way_is_waited_for_a_moment(session: Session) -> None:
    for at in (START - timedelta(hours=2), START - timedelta(hours=1), None):
        leave(session, at)
    assert room_of(session, ANN, now=START) == START + SOON


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.CANCELLED, MailState.WAITING])
def test_what_did_not_leave_takes_no_room(session: Session, state: MailState) -> None:
    for _ in range(MOST_A_DAY):
        leave(session, START, state=state)
    assert room_of(session, ANN, now=START) is None


@pytest.mark.parametrize("kind", MailKind)
def test_a_merchants_own_mails_take_no_room_of_a_buyers(session: Session, kind: MailKind) -> None:
    for _ in range(MOST_A_DAY):
        leave(session, START, kind=kind)
    assert (room_of(session, ANN, now=START) is None) is (kind in TO_MERCHANTS)
