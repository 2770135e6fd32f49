"""Many mails through a real SMTP server that misbehaves, and a table of what arrived."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.lib.journal import Journal
from reviews_app.mail.message import Content, Envelope, compose
from reviews_app.mail.refusals import LineDown, MailCut, MailNotTaken, MailRefused
from reviews_app.mail.sender import HandingOver, SmtpSender
from reviews_app.models.mail_report import MailFate, MailReport
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.store import Store
from reviews_app.models.suppression import Suppression, SuppressionReason
from reviews_app.services.dispatch.claim_mails import claim_mails
from reviews_app.services.dispatch.record_mails import Outcome, record_mails
from reviews_app.services.dispatch.send_mail import send_due_mails
from reviews_app.services.queue_mail import queue_mail
from reviews_app.services.settle_mails import CUT_TWICE, journal_folder
from reviews_app.services.suppress_address import suppress_address
from reviews_app.services.sweep_mails import sweep_mails
from reviews_app.services.take_bounce import take_mail_report
from reviews_app.services.tools import Tools
from tests.factories.store import make_store
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import KeptMail, smtp_server
from tests.fakes.tools import fake_tools


@dataclass
class Post:
    """A store's mails and the server they go to."""

    tools: Tools
    session: Session
    server: KeptMail
    clock: FakeClock
    slug: str = "larkspur"

    def queue(self, *recipients: str, slug: str = "larkspur", sender: str = "reviews@shop.test") -> None:
        """One request to each, in one transaction."""
        with transaction() as writing:
            store = make_store(writing, slug)
            for recipient in recipients:
                envelope = Envelope(sender=sender, sender_name="Larkspur", recipient=recipient)
                content = Content("How is it?", f"For {recipient}.\n", "<p>Hello</p>")
                message = compose(envelope, content, clock=self.tools.clock, make_id=self.tools.make_id)
                queue_mail(writing, message, kind=MailKind.REVIEW_REQUEST, store_id=store.id, tools=self.tools)

    def send(self) -> int:
        """One job of a mail worker."""
        sender = SmtpSender(self.server.url)
        try:
            return len(send_due_mails(tools=self.tools, send=sender))
        finally:
            sender.close()

    def go_on(self, *, minutes: int, step: int = 1) -> None:
        """Time passes; every minute a worker looks after what is due."""
        for _ in range(0, minutes, step):
            self.clock.advance(minutes=step)
            self.send()

    def states(self) -> Counter[MailState]:
        self.session.rollback()
        return Counter(self.session.scalars(select(OutgoingMail.state)).all())

    def rows(self) -> list[OutgoingMail]:
        self.session.rollback()
        return list(self.session.scalars(select(OutgoingMail).order_by(OutgoingMail.recipient)))


@pytest.fixture
def post(app: Flask, session: Session, clock: FakeClock) -> Iterator[Post]:
    with smtp_server(pipelines=True) as server:
        server.clock = clock
        yield Post(fake_tools(app.extensions["tools"].settings, clock), session, server, clock)


def addresses(count: int, host: str = "example.com") -> list[str]:
    return [f"buyer{number:03}@{host}" for number in range(count)]


def test_many_mails_leave_on_one_line_each_once(post: Post) -> None:
    post.queue(*addresses(120))
    assert post.send() == 120
    assert post.server.recipients() == Counter(addresses(120))
    assert len(post.server.lines) == 1
    assert post.states() == {MailState.SENT: 120}


def test_a_server_that_takes_a_few_mails_a_line_gets_the_rest_on_others(post: Post) -> None:
    post.server.most_on_a_line = 10
    post.queue(*addresses(35))
    assert post.send() == 35
    assert len(post.server.lines) == 4
    assert set(post.server.recipients().values()) == {1}


@dataclass
class Weather:
    """What the server does, and what has arrived after three hours."""

    name: str
    arrived_once: int
    arrived_twice: int = 0
    failed: int = 0
    suppressed: int = 0


@pytest.mark.parametrize(
    "weather",
    [
        Weather("fine", arrived_once=20),
        Weather("down", arrived_once=20),
        Weather("greylisting", arrived_once=20),
        Weather("refusing some", arrived_once=14, failed=6, suppressed=3),
        Weather("cutting after DATA", arrived_once=17, arrived_twice=3),
    ],
    ids=lambda weather: weather.name,
)
def test_what_arrives_in_any_weather(post: Post, weather: Weather) -> None:
    """0 lost, 0 doubled beyond the cut."""
    buyers = addresses(20)
    post.queue(*buyers)
    url = post.server.url
    if weather.name == "down":
        post.server.url = "smtp://127.0.0.1:1"
        post.go_on(minutes=20)
        post.server.url = url
    if weather.name == "greylisting":
        post.server.greylists = timedelta(minutes=20)
    if weather.name == "refusing some":
        post.server.refusals = dict.fromkeys(buyers[:3], "550 5.1.1 no such user")
        post.server.refusals |= dict.fromkeys(buyers[3:6], "550 5.7.1 looks like spam")
        post.server.refusals |= dict.fromkeys(buyers[6:8], "452 4.2.2 full just now")
    if weather.name == "cutting after DATA":
        post.server.cuts = 3
    post.send()
    post.go_on(minutes=20)
    post.server.refusals = {name: words for name, words in post.server.refusals.items() if words.startswith("5")}
    post.go_on(minutes=160, step=10)
    times = Counter(post.server.recipients().values())
    states = post.states()
    assert (times[1], times[2]) == (weather.arrived_once, weather.arrived_twice)
    assert (states[MailState.SENT], states[MailState.FAILED]) == (20 - weather.failed, weather.failed)
    assert len(post.session.scalars(select(Suppression.id)).all()) == weather.suppressed


def test_the_bytes_are_the_same_on_every_try(post: Post) -> None:
    post.server.cuts = 1
    post.queue("morgan@example.com")
    post.send()
    post.clock.advance(minutes=1)
    post.send()
    first, second = (envelope.original_content for envelope in post.server.envelopes)
    assert first == second
    message = message_from_bytes(first or b"", policy=default)
    assert message["Message-ID"] == post.rows()[0].message_id


def test_a_server_that_always_cuts_gets_a_mail_twice_and_not_a_third_time(post: Post) -> None:
    post.server.cuts = 9
    post.queue("morgan@example.com")
    post.send()
    post.go_on(minutes=200, step=10)
    assert post.server.recipients() == {"morgan@example.com": 2}
    row = post.rows()[0]
    assert (row.state, row.last_error, row.message) == (MailState.FAILED, CUT_TWICE, None)


def test_a_dead_server_costs_one_try_and_not_one_for_each_mail(post: Post) -> None:
    post.queue(*addresses(30))
    post.server.url = "smtp://127.0.0.1:1"
    post.send()
    assert sorted(row.tries for row in post.rows()) == [*([0] * 29), 1]
    assert post.states() == {MailState.WAITING: 30}


def test_no_mailbox_there_is_remembered_and_a_filter_is_not(post: Post) -> None:
    post.server.refusals = {"a@example.com": "550 5.1.1 unknown", "b@example.com": "554 5.7.1 blocked"}
    post.queue("a@example.com", "b@example.com", "c@example.com")
    post.send()
    row = post.session.scalars(select(Suppression)).one()
    assert (row.email_key, row.reason) == ("a@example.com", SuppressionReason.BOUNCED)
    assert "5.1.1 unknown" in row.detail


def test_a_store_has_its_pace_and_holds_up_no_other(post: Post) -> None:
    slow = replace(post.tools, settings=post.tools.settings.model_copy(update={"mail_per_second_store": 3.0}))
    post.queue(*addresses(30))
    post.queue(*addresses(2, "other.example"), slug="other")
    first = claim_mails(50, tools=slow)
    assert Counter(one.recipient.partition("@")[2] for one in first) == {"example.com": 3, "other.example": 2}
    assert claim_mails(50, tools=slow) == []
    post.queue(*addresses(3, "third.example"), slug="third")
    assert {one.recipient for one in claim_mails(50, tools=slow)} == set(addresses(3, "third.example"))
    record_mails(first, {}, tools=slow)
    assert Counter(one.recipient.partition("@")[2] for one in claim_mails(50, tools=slow)) == {
        "example.com": 3,
        "other.example": 2,
    }


def test_a_pace_counts_what_left_in_the_last_second(post: Post) -> None:
    own = post.tools.settings.model_copy(update={"mail_per_second_provider": 2.0})
    slow = replace(post.tools, settings=own)
    post.queue(*addresses(5), *addresses(1, "other.example"))
    left = [len(send_due_mails(tools=slow, send=SmtpSender(post.server.url), seconds=0.3))]
    assert left == [3]
    assert len(claim_mails(50, tools=slow)) == 0
    post.clock.advance(seconds=1, milliseconds=1)
    assert len(claim_mails(50, tools=slow)) == 2


@pytest.mark.parametrize("has_left", [True, False], ids=["left", "under way"])
def test_mails_of_a_later_day_take_nothing_of_todays_pace(post: Post, *, has_left: bool) -> None:
    """As a command writes them whose clock was set to that day."""
    slow = replace(post.tools, settings=post.tools.settings.model_copy(update={"mail_per_second_store": 3.0}))
    today = post.clock()
    post.queue(*addresses(8))
    post.clock.advance(days=30)
    batch = claim_mails(50, tools=slow)
    assert len(batch) == 3
    if has_left:
        record_mails(batch, {one.mail_id: Outcome() for one in batch}, tools=slow)
        assert claim_mails(50, tools=slow) == []
    post.clock.now = today
    assert len(claim_mails(50, tools=slow)) == 3


def test_a_killed_sender_doubles_at_most_the_mail_in_its_hands(post: Post) -> None:
    post.queue(*addresses(10))
    claimed = claim_mails(50, tools=post.tools)
    noted = Journal(journal_folder(post.tools))
    send = SmtpSender(post.server.url)
    for one in claimed[:4]:
        noted.begin(one.lease_token.hex)
        send(one.message, one.sender, one.recipient)
        noted.taken(one.lease_token.hex)
    noted.begin(claimed[4].lease_token.hex)
    send(claimed[4].message, claimed[4].sender, claimed[4].recipient)
    send.close()
    noted.leave()
    with transaction() as writing:
        sweep_mails(writing, tools=post.tools)
    assert post.states() == {MailState.SENT: 4, MailState.WAITING: 1, MailState.SENDING: 5}
    post.go_on(minutes=3)
    with transaction() as writing:
        sweep_mails(writing, tools=post.tools)
    post.send()
    assert post.states() == {MailState.SENT: 10}
    assert Counter(post.server.recipients().values()) == {1: 9, 2: 1}


def kill(post: Post, *, after: str) -> None:
    """A worker is killed right after a try of that recipient has ended, whatever the server said."""
    sent = SmtpSender(post.server.url)

    def send(message: bytes, sender: str, recipient: str, handing_over: HandingOver) -> None:
        try:
            sent(message, sender, recipient, handing_over)
        except MailNotTaken:
            if recipient != after:
                raise
        if recipient == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due_mails(tools=post.tools, send=send)
    sent.close()


@pytest.mark.parametrize("place", ["line", "sender", "recipient", "data"])
def test_what_never_began_to_go_out_is_not_given_up_however_often_its_worker_is_killed(post: Post, place: str) -> None:
    post.queue(*addresses(2))
    first, last = addresses(2)
    url = post.server.url
    for _ in range(2):
        if place == "line":
            post.server.url = "smtp://127.0.0.1:1"
        elif place == "sender":
            post.server.to_sender = "451 4.3.0 not just now"
        elif place == "recipient":
            post.server.to_recipient = "451 4.7.1 greylisted"
        else:
            post.server.answers = ["451 4.3.0 come again"]
        kill(post, after=first if place == "line" else last)
        post.clock.advance(minutes=10)
        with transaction() as writing:
            sweep_mails(writing, tools=post.tools)
        post.clock.advance(minutes=10)
    assert [row.cuts for row in post.rows()] == [0, 2 if place == "data" else 0]
    post.server.url, post.server.to_sender, post.server.to_recipient = url, "", ""
    post.send()
    assert post.server.recipients()[first] == 1


def test_a_refused_sender_holds_up_its_own_mails_and_nobody_elses(post: Post) -> None:
    words = "550 5.7.1 larkspur.example may not send here"
    post.server.sender_refusals = {"hello@larkspur.example": words}
    post.queue(*addresses(6), sender="hello@larkspur.example")
    post.queue(*addresses(3, "other.example"), slug="other")
    assert post.send() == 3
    assert post.server.recipients() == Counter(addresses(3, "other.example"))
    held = [row for row in post.rows() if row.state is MailState.WAITING]
    assert [(row.tries, row.last_error) for row in held] == [(1, words)] * 6
    assert len(post.server.lines) == 1
    post.server.sender_refusals = {}
    post.go_on(minutes=2)
    assert post.states() == {MailState.SENT: 9}


def test_a_refusal_on_a_line_that_mails_have_left_on_is_heard_again_on_another(post: Post) -> None:
    post.queue("a@other.example", slug="other")
    sent = SmtpSender(post.server.url)
    send_due_mails(tools=post.tools, send=sent)
    post.server.sender_refusals = {"hello@larkspur.example": "452 4.5.3 enough for this connection"}
    post.queue(*addresses(3), sender="hello@larkspur.example")
    send_due_mails(tools=post.tools, send=sent)
    sent.close()
    assert len(post.server.lines) == 2
    assert [row.tries for row in post.rows()] == [1] * 4


@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "530 5.7.0 sign in first", "535 5.7.8 wrong password"])
def test_trouble_with_our_own_line_costs_one_try_and_not_one_for_each_mail(post: Post, answer: str) -> None:
    post.queue(*addresses(5))
    post.server.to_sender = answer
    post.send()
    assert sorted(row.tries for row in post.rows()) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("answer", ["451 4.7.1 la\x00ter", "550 5.1.1 no \x00body", "550 5.7.1 no\x07 \x1b[31m"])
def test_a_nul_in_a_servers_words_undoes_nothing_of_its_batch(post: Post, answer: str) -> None:
    post.server.refusals = {addresses(3)[1]: answer}
    post.queue(*addresses(3))
    assert post.send() == 2
    row = post.rows()[1]
    assert row.last_error.isprintable()
    assert row.last_error.startswith(answer[:9])
    assert post.server.recipients() == Counter([addresses(3)[0], addresses(3)[2]])


def test_what_a_batch_had_no_time_for_is_due_again_and_untried(post: Post) -> None:
    post.queue(*addresses(3))
    claimed = claim_mails(50, tools=post.tools)
    assert record_mails(claimed, {}, tools=post.tools) == set()
    assert [(row.state, row.tries, row.lease_token) for row in post.rows()] == [(MailState.WAITING, 0, None)] * 3


def test_a_lease_that_passed_to_another_is_not_recorded_over(post: Post) -> None:
    post.queue("morgan@example.com")
    claimed = claim_mails(50, tools=post.tools)
    with transaction() as writing:
        writing.scalars(select(OutgoingMail)).one().lease_token = post.tools.make_id()
    record_mails(claimed, {}, tools=post.tools)
    assert post.states() == {MailState.SENDING: 1}


def test_what_came_back_while_a_mail_was_leaving_keeps_its_words(post: Post) -> None:
    post.queue("one@example.com")

    def send(_message: bytes, _sender: str, _recipient: str, _handing_over: HandingOver) -> None:
        """The server takes it and sends it back before the sender has written it down."""
        with transaction() as writing:
            mail = writing.scalars(select(OutgoingMail)).one()
            report = MailReport(MailFate.BOUNCED, message_id=mail.message_id, status="5.1.1", detail="550 no such user")
            take_mail_report(writing, writing.get_one(Store, mail.store_id), report, clock=post.clock)

    assert len(send_due_mails(tools=post.tools, send=send)) == 1
    [row] = post.rows()
    assert (row.state, row.last_error) == (MailState.SENT, "550 no such user")
    assert row.bounced_at is not None


def come_back(post: Post) -> None:
    """The relay reports what a recipient's filter said, which is no reason to suppress the address."""
    with transaction() as writing:
        mail = writing.scalars(select(OutgoingMail)).one()
        report = MailReport(MailFate.BOUNCED, message_id=mail.message_id, status="5.7.1", detail="554 looks like spam")
        take_mail_report(writing, writing.get_one(Store, mail.store_id), report, clock=post.clock)


ENDINGS = [MailCut("the line broke"), MailNotTaken("451 later"), LineDown("421 closing"), MailRefused("550 5.7.1 no")]


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: type(ending).__name__)
def test_what_came_back_while_it_was_leaving_did_leave_however_the_try_ends(
    post: Post, ending: MailNotTaken | MailRefused
) -> None:
    post.queue("one@example.com")
    tries = []

    def send(_message: bytes, _sender: str, recipient: str, _handing_over: HandingOver) -> None:
        tries.append(recipient)
        come_back(post)
        raise ending

    for _ in range(3):
        send_due_mails(tools=post.tools, send=send)
        post.clock.advance(hours=3)
    [row] = post.rows()
    assert tries == ["one@example.com"]
    assert (row.state, row.last_error, row.message) == (MailState.SENT, "554 looks like spam", None)
    assert row.sent_at is not None


@pytest.mark.parametrize("comes_first", [True, False], ids=["before its lease is over", "afterwards"])
def test_what_came_back_from_a_killed_sender_is_not_sent_once_more(post: Post, *, comes_first: bool) -> None:
    post.queue("one@example.com")
    assert len(claim_mails(50, tools=post.tools)) == 1
    if comes_first:
        come_back(post)
    post.clock.advance(hours=1)
    with transaction() as writing:
        sweep_mails(writing, tools=post.tools)
    if not comes_first:
        come_back(post)
    assert post.send() == 0
    [row] = post.rows()
    assert (row.state, row.last_error, row.message) == (MailState.SENT, "554 looks like spam", None)


@pytest.mark.parametrize("cuts", [0, 1], ids=["once", "twice"])
def test_what_came_back_keeps_its_words_when_its_sender_dies_in_the_middle_of_it(post: Post, cuts: int) -> None:
    post.queue("one@example.com")
    [claimed] = claim_mails(50, tools=post.tools)
    noted = Journal(journal_folder(post.tools))
    noted.begin(claimed.lease_token.hex)
    noted.leave()
    come_back(post)
    with transaction() as writing:
        writing.scalars(select(OutgoingMail)).one().cuts = cuts
    with transaction() as writing:
        sweep_mails(writing, tools=post.tools)
    [row] = post.rows()
    assert (row.state, row.last_error, row.message) == (MailState.SENT, "554 looks like spam", None)


def test_a_no_said_while_the_job_runs_stops_what_is_not_claimed_yet(post: Post) -> None:
    post.queue(*addresses(60))
    last = addresses(60)[-1]
    sent = SmtpSender(post.server.url)

    def send(message: bytes, sender: str, recipient: str, handing_over: HandingOver) -> None:
        if not post.server.envelopes:
            with transaction() as writing:
                store_id = writing.scalars(select(OutgoingMail.store_id).limit(1)).one()
                assert store_id is not None
                suppress_address(writing, store_id, last, SuppressionReason.UNSUBSCRIBED, clock=post.clock)
        sent(message, sender, recipient, handing_over)

    send_due_mails(tools=post.tools, send=send)
    sent.close()
    assert last not in post.server.recipients()
    assert post.states() == {MailState.SENT: 59, MailState.CANCELLED: 1}


def test_bounces_come_back_to_an_address_of_the_mails_own(post: Post) -> None:
    own = post.tools.settings.model_copy(update={"bounce_address": "bounces@shop.test"})
    post.queue("morgan@example.com")
    sender = SmtpSender(post.server.url)
    send_due_mails(tools=replace(post.tools, settings=own), send=sender)
    sender.close()
    mail_from = str(post.server.envelopes[0].mail_from)
    assert re.fullmatch(rf"bounces\+{post.rows()[0].id.hex}-[0-9a-f]{{16}}@shop\.test", mail_from)
