from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.lib.bounce_address import bounce_address
from reviews_app.mail.message import Content, Envelope, compose
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.suppression import Suppression, SuppressionReason
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.tools import Tools
from tests.factories.store import make_store
from tests.mail.test_bounce import notice


@pytest.fixture
def mail_id(app: Flask) -> UUID:
    """A request that was sent."""
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        envelope = Envelope(sender="reviews@shop.test", sender_name="Larkspur", recipient="morgan@example.com")
        message = compose(envelope, Content("Hi", "Hi", "<p>Hi</p>"), clock=tools.clock, make_id=tools.make_id)
        row = queue_mail(writing, message, kind=MailKind.REVIEW_REQUEST, store_id=store.id, tools=tools)
        row.state, row.sent_at, row.message = MailState.SENT, tools.clock(), None
        return row.id


def give(app: Flask, raw: bytes) -> str:
    result = app.test_cli_runner().invoke(args=["take-bounce"], input=raw)
    assert result.exit_code == 0
    return str(result.output).strip()


def came_back_to(app: Flask, mail_id: UUID, raw: bytes | None = None) -> bytes:
    tools: Tools = app.extensions["tools"]
    address = bounce_address("bounces@shop.test", mail_id, secret=tools.settings.secret_key)
    return (raw or notice()).replace(b"bounces+abc-def@shop.test", address.encode())


def outcome(app: Flask, mail_id: UUID) -> tuple[bool, list[SuppressionReason]]:
    with app.app_context():
        row = session().get_one(OutgoingMail, mail_id)
        return row.bounced_at is not None, list(session().scalars(select(Suppression.reason)))


def test_a_mail_that_came_back_is_noted_once_and_its_address_left_alone(app: Flask, mail_id: UUID) -> None:
    assert give(app, came_back_to(app, mail_id)) == "Taken."
    assert outcome(app, mail_id) == (True, [SuppressionReason.BOUNCED])
    assert give(app, came_back_to(app, mail_id)) == "Known already."
    assert outcome(app, mail_id) == (True, [SuppressionReason.BOUNCED])


def test_a_nul_in_a_servers_words_is_left_out_of_them(app: Flask, mail_id: UUID) -> None:
    assert give(app, came_back_to(app, mail_id, notice(said="550 5.1.1 no such\x00 us\x07er"))) == "Taken."
    with app.app_context():
        assert session().get_one(OutgoingMail, mail_id).last_error == "smtp; 550 5.1.1 no such us er"


def test_a_made_up_address_names_no_mail(app: Flask, mail_id: UUID) -> None:
    forged = notice().replace(b"abc-def", mail_id.hex.encode() + b"-" + b"0" * 16)
    assert give(app, forged) == "No mail of ours."
    assert outcome(app, mail_id) == (False, [])


def test_without_an_address_of_its_own_the_mail_is_known_by_its_id(app: Flask, mail_id: UUID) -> None:
    with app.app_context():
        message_id = session().get_one(OutgoingMail, mail_id).message_id
    assert give(app, notice().replace(b"<one@shop.test>", message_id.encode())) == "Taken."
    assert outcome(app, mail_id)[0]


def test_where_bounces_have_addresses_an_id_alone_is_not_enough(app: Flask, mail_id: UUID) -> None:
    tools: Tools = app.extensions["tools"]
    own = tools.settings.model_copy(update={"bounce_address": "bounces@shop.test"})
    app.extensions["tools"] = replace(tools, settings=own)
    with app.app_context():
        message_id = session().get_one(OutgoingMail, mail_id).message_id
    assert give(app, notice().replace(b"<one@shop.test>", message_id.encode())) == "No mail of ours."


def test_a_filter_is_noted_and_the_address_still_asked(app: Flask, mail_id: UUID) -> None:
    raw = notice(status="5.7.1", said="554 5.7.1 looks like spam")
    assert give(app, came_back_to(app, mail_id, raw)) == "Taken."
    assert outcome(app, mail_id) == (True, [])


def test_a_full_mailbox_rests_for_a_month(app: Flask, mail_id: UUID) -> None:
    give(app, came_back_to(app, mail_id, notice(status="5.2.2", said="552 5.2.2 full")))
    with app.app_context():
        row = session().scalars(select(Suppression)).one()
        assert row.until is not None
        assert (row.until - row.since).days == 30


def test_a_complaint_is_noted_as_one(app: Flask, mail_id: UUID) -> None:
    raw = notice().replace(b"message/delivery-status", b"message/feedback-report")
    give(app, came_back_to(app, mail_id, raw))
    assert outcome(app, mail_id) == (False, [SuppressionReason.COMPLAINED])


def test_a_delay_and_an_answer_change_nothing(app: Flask, mail_id: UUID) -> None:
    for raw in (notice(action="delayed", status="4.4.1"), b"Subject: Away\n\nUntil Monday.\n", b""):
        assert give(app, came_back_to(app, mail_id, raw) if raw else raw) == "No notice of a failed delivery."
    assert outcome(app, mail_id) == (False, [])
