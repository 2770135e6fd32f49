from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.mail.message import Content, Envelope, compose
from reviews_app.mail.sender import HandingOver, smtp_sender
from reviews_app.models.outgoing_mail import ASKING, MailKind, MailState, OutgoingMail
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.dispatch.send_mail import send_due_mails, send_mail
from reviews_app.services.may_mail import WhyNot
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.sweep_mails import sweep_mails
from reviews_app.services.tools import Tools
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import KeptMail, smtp_server
from tests.fakes.tools import fake_tools


@pytest.fixture
def inbox() -> Iterator[KeptMail]:
    with smtp_server() as kept:
        yield kept


@pytest.fixture
def tools(app: Flask, clock: FakeClock) -> Tools:
    return fake_tools(app.extensions["tools"].settings, clock)


def queue_one(tools: Tools, *, kind: MailKind = MailKind.REVIEW_REQUEST, store_id: UUID | None = None) -> OutgoingMail:
    envelope = Envelope(sender="reviews@shop.test", sender_name="Larkspur", recipient="morgan@example.com")
    content = Content(
        "How is it?",
        "A link: http://shop.test/r/secret-token\n" + "A long mail, in many lines.\n" * 90,
        "<p>Ünïcode</p>",
    )
    message = compose(envelope, content, clock=tools.clock, make_id=tools.make_id)
    with transaction() as session:
        return queue_mail(
            session,
            message,
            kind=kind,
            store_id=store_id,
            tools=tools,
        )


def test_a_queued_mail_arrives_and_is_blanked(session: Session, tools: Tools, inbox: KeptMail) -> None:
    row = queue_one(tools)
    assert send_mail(row.id, tools=tools, send=smtp_sender(inbox.url))
    session.refresh(row)
    assert (row.state, row.message, row.tries) == (MailState.SENT, None, 1)
    assert inbox.envelopes[0].rcpt_tos == ["morgan@example.com"]
    message = message_from_bytes(inbox.envelopes[0].original_content or b"", policy=default)
    assert message["Message-ID"] == row.message_id


def test_a_sent_mail_is_not_sent_again(session: Session, tools: Tools, inbox: KeptMail) -> None:
    row = queue_one(tools)
    sender = smtp_sender(inbox.url)
    assert [send_mail(row.id, tools=tools, send=sender) for _ in range(3)] == [True, False, False]
    assert len(inbox.envelopes) == 1


def test_the_token_in_a_waiting_mail_is_not_readable_in_the_database(session: Session, tools: Tools) -> None:
    row = queue_one(tools)
    assert row.message is not None
    assert b"secret-token" not in row.message.ciphertext


def test_a_server_that_says_later_is_tried_again_on_time(
    session: Session, tools: Tools, inbox: KeptMail, clock: FakeClock
) -> None:
    row = queue_one(tools)
    inbox.answers = ["451 later"]
    sender = smtp_sender(inbox.url)
    assert not send_mail(row.id, tools=tools, send=sender)
    clock.advance(seconds=29)
    assert not send_mail(row.id, tools=tools, send=sender)
    clock.advance(seconds=1)
    assert send_mail(row.id, tools=tools, send=sender)
    assert len(inbox.envelopes) == 1


def test_a_mail_refused_for_good_fails_and_says_why(session: Session, tools: Tools, inbox: KeptMail) -> None:
    row = queue_one(tools)
    inbox.answers = ["550 no such person"]
    assert not send_mail(row.id, tools=tools, send=smtp_sender(inbox.url))
    session.refresh(row)
    assert (row.state, row.message) == (MailState.FAILED, None)
    assert "no such person" in row.last_error


def test_without_a_server_mails_wait(session: Session, tools: Tools) -> None:
    row = queue_one(tools)
    assert not send_mail(row.id, tools=tools, send=smtp_sender(""))
    session.refresh(row)
    assert (row.state, row.last_error) == (MailState.WAITING, "SMTP_URL is not set")


def test_the_sweep_takes_back_what_a_dead_worker_held(
    session: Session, tools: Tools, inbox: KeptMail, clock: FakeClock
) -> None:
    row = queue_one(tools)

    def die(_message: bytes, _sender: str, _recipient: str, handing_over: HandingOver) -> None:
        handing_over()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_mail(row.id, tools=tools, send=die)
    with transaction() as writing:
        sweep_mails(writing, tools=tools)
    clock.advance(seconds=30)
    with transaction() as writing:
        assert sweep_mails(writing, tools=tools) == 1
    assert send_mail(row.id, tools=tools, send=smtp_sender(inbox.url))


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_a_mail_already_queued_is_cancelled_when_its_reader_says_no(
    session: Session, tools: Tools, inbox: KeptMail, reason: SuppressionReason
) -> None:
    with transaction() as writing:
        store_id = make_store(writing).id
    rows = [queue_one(tools, kind=kind, store_id=store_id) for kind in sorted(ASKING)]
    with transaction() as writing:
        suppress_address(writing, store_id, "Morgan@Example.com", reason, clock=tools.clock)
    assert not any(send_mail(row.id, tools=tools, send=smtp_sender(inbox.url)) for row in rows)
    for row in rows:
        session.refresh(row)
        assert (row.state, row.message, row.last_error) == (MailState.CANCELLED, None, WhyNot(reason).words)
    assert inbox.envelopes == []


def test_a_no_to_requests_stops_no_other_mail_and_no_other_store(
    session: Session, tools: Tools, inbox: KeptMail
) -> None:
    with transaction() as writing:
        store_id, other_id = make_store(writing).id, make_store(writing, "other").id
        suppress_address(writing, store_id, "morgan@example.com", SuppressionReason.UNSUBSCRIBED, clock=tools.clock)
    wanted = [queue_one(tools, kind=kind, store_id=store_id) for kind in set(MailKind) - ASKING]
    wanted += [queue_one(tools, store_id=other_id), queue_one(tools)]
    assert send_due_mails(tools=tools, send=smtp_sender(inbox.url)) == {row.id for row in wanted}
