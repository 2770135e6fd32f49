from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.mail.message import Content, Envelope, compose
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.models.suppression import Suppression, SuppressionReason
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.tools import Tools
from tests.fakes.shop import Shop
from tests.web.callbacks.conftest import all_rows, rows

BOUNCED = {"type": "bounced", "email": "morgan@example.com", "status": "5.1.1", "detail": "550 5.1.1 unknown"}


def send_one(app: Flask, shop: Shop) -> str:
    """A mail of the store that has left; gives its Message-ID."""
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store = writing.scalars(select(Store).where(Store.slug == shop.slug)).one()
        envelope = Envelope(sender="reviews@shop.test", sender_name="Larkspur", recipient="morgan@example.com")
        message = compose(envelope, Content("Hi", "Hi", "<p>Hi</p>"), clock=tools.clock, make_id=tools.make_id)
        row = queue_mail(writing, message, kind=MailKind.REVIEW_REQUEST, store_id=store.id, tools=tools)
        row.state, row.sent_at, row.message = MailState.SENT, tools.clock(), None
        return row.message_id


def reasons(app: Flask) -> list[tuple[str, SuppressionReason]]:
    with rows(app) as reading:
        return [(row.email_key, row.reason) for row in reading.scalars(select(Suppression))]


def test_a_bounce_by_address_and_again_is_one(app: Flask, shop: Shop) -> None:
    answers = [shop.tell("mail-events", BOUNCED, event_id="e1") for _ in range(2)]
    answers.append(shop.tell("mail-events", BOUNCED, event_id="e2"))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [answer.json["outcome"] for answer in answers if answer.json] == ["taken", "taken", "nothing_new"]
    assert reasons(app) == [("morgan@example.com", SuppressionReason.BOUNCED)]


@pytest.mark.parametrize("bare", [False, True])
def test_a_bounce_by_message_id_marks_the_mail(app: Flask, shop: Shop, *, bare: bool) -> None:
    message_id = send_one(app, shop)
    named = message_id.strip("<>") if bare else message_id
    shop.tell("mail-events", {"type": "bounced", "message_id": named, "status": "5.1.1"})
    with rows(app) as reading:
        assert reading.scalars(select(OutgoingMail.bounced_at)).one() is not None
    assert reasons(app) == [("morgan@example.com", SuppressionReason.BOUNCED)]


def test_a_complaint_stops_the_mails_whatever_its_status(app: Flask, shop: Shop) -> None:
    shop.tell("mail-events", {"type": "complained", "email": "Morgan@Example.com", "status": "5.7.1"})
    assert reasons(app) == [("morgan@example.com", SuppressionReason.COMPLAINED)]


def test_a_mail_of_another_store_is_none(app: Flask, shop: Shop, neighbour: Shop) -> None:
    message_id = send_one(app, shop)
    answer = neighbour.tell("mail-events", {"type": "bounced", "message_id": message_id, "status": "5.1.1"})
    assert answer.json is not None
    assert answer.json["outcome"] == "nothing_new"
    assert reasons(app) == []


@pytest.mark.parametrize("status", ["5.7.1", "5.3.4", "5.1.8"])
def test_a_bounce_that_says_nothing_of_the_address_leaves_it(app: Flask, shop: Shop, status: str) -> None:
    shop.tell("mail-events", BOUNCED | {"status": status})
    assert reasons(app) == []


def test_forged_old_and_foreign_notices_are_401_and_leave_no_row(app: Flask, shop: Shop, neighbour: Shop) -> None:
    before = all_rows(app)
    forged = [
        shop.tell("mail-events", BOUNCED, secret="whsec_bm90IHRoZSBzZWNyZXQ="),
        shop.tell("mail-events", BOUNCED, age=timedelta(minutes=6).total_seconds()),
        neighbour.tell("mail-events", BOUNCED, to=shop.slug),
        shop.client.post(f"/callbacks/{shop.slug}/mail-events", json=BOUNCED),
        shop.tell("mail-events", BOUNCED, to="nowhere"),
    ]
    assert [answer.status_code for answer in forged] == [401] * len(forged)
    assert all_rows(app) == before


@pytest.mark.parametrize(
    "values",
    [
        {},
        [],
        None,
        "bounced",
        {"type": "opened", "email": "a@example.com"},
        {"type": "bounced"},
        {"type": "bounced", "email": "no address"},
        {"type": "bounced", "email": ["a@example.com"]},
        {"type": True, "email": "a@example.com"},
    ],
)
def test_what_cannot_be_read_is_refused_in_words(app: Flask, shop: Shop, values: Any) -> None:
    answer = shop.tell("mail-events", values)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["detail"]
    assert reasons(app) == []
