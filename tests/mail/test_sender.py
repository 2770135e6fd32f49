import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.policy import SMTP, default

import pytest

from reviews_app.lib.ids import new_id
from reviews_app.mail.message import Content, Envelope, compose
from reviews_app.mail.refusals import LineDown, MailNotTaken, MailRefused
from reviews_app.mail.sender import SmtpServer, smtp_sender
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import KeptMail, smtp_server

SENDER, BUYER = "reviews@shop.test", "morgan@example.com"


@pytest.fixture(params=[False, True], ids=["one by one", "pipelined"])
def inbox(request: pytest.FixtureRequest) -> Iterator[KeptMail]:
    with smtp_server(pipelines=request.param) as kept:
        yield kept


@pytest.fixture
def guarded_inbox() -> Iterator[KeptMail]:
    """A server that takes mail only from who signs in."""
    with smtp_server(asks_password=True) as kept:
        kept.passwords = {b"p@ss/word:1"}
        yield kept


def a_mail(subject: str = "How is it?") -> bytes:
    envelope = Envelope(sender=SENDER, sender_name="Larkspur", recipient=BUYER)
    content = Content(subject, "Ein Text mit Ümlaut\n.\nand a dot alone\n", "<p>Ümlaut</p>")
    return compose(envelope, content, clock=FakeClock(), make_id=new_id).as_bytes(policy=SMTP)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.test", SmtpServer("mail.test", 25)),
        ("smtp://mail.test:2525", SmtpServer("mail.test", 2525)),
        ("smtps://mail.test", SmtpServer("mail.test", 465, is_tls=True)),
        ("smtp://mail.test:587?starttls=1", SmtpServer("mail.test", 587, starts_tls=True)),
        ("smtp://mail.test:587?starttls=0", SmtpServer("mail.test", 587)),
        ("smtp://kim:p%40ss%2Fword@mail.test:587", SmtpServer("mail.test", 587, user="kim", password="p@ss/word")),
        ("smtp://k%C3%AFm:x@[::1]:25", SmtpServer("::1", 25, user="kïm", password="x")),
    ],
)
def test_a_server_is_read_from_its_address(url: str, server: SmtpServer) -> None:
    assert SmtpServer.from_url(url) == server


def test_a_mail_arrives_as_it_was_written(inbox: KeptMail) -> None:
    smtp_sender(inbox.url)(a_mail(), SENDER, BUYER)
    taken = inbox.envelopes[0]
    assert (taken.mail_from, taken.rcpt_tos) == (SENDER, [BUYER])
    message = message_from_bytes(taken.original_content or b"", policy=default)
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == ["Ein Text mit Ümlaut", ".", "and a dot alone"]


@pytest.mark.parametrize("answer", ["421 closing", "450 mailbox busy", "451 greylisted", "452 full"])
@pytest.mark.parametrize("place", ["recipient", "data"])
def test_what_is_said_for_now_is_tried_again(inbox: KeptMail, answer: str, place: str) -> None:
    if place == "data":
        inbox.answers = [answer]
    else:
        inbox.to_recipient = answer
    with pytest.raises(MailNotTaken, match=answer.partition(" ")[2]):
        smtp_sender(inbox.url)(a_mail(), SENDER, BUYER)


@pytest.mark.parametrize("answer", ["550 no such person", "552 too large", "554 not wanted here"])
@pytest.mark.parametrize("place", ["recipient", "data"])
def test_what_is_said_for_good_of_this_mail_is_final(inbox: KeptMail, answer: str, place: str) -> None:
    if place == "data":
        inbox.answers = [answer]
    else:
        inbox.to_recipient = answer
    with pytest.raises(MailRefused, match=answer):
        smtp_sender(inbox.url)(a_mail(), SENDER, BUYER)
    assert inbox.envelopes == []


@pytest.mark.parametrize("answer", ["530 5.7.0 sign in first", "550 we do not relay", "553 not your address"])
def test_a_server_that_does_not_let_us_send_is_no_fault_of_the_mail(inbox: KeptMail, answer: str) -> None:
    inbox.to_sender = answer
    with pytest.raises(MailNotTaken, match=answer[:3]):
        smtp_sender(inbox.url)(a_mail(), SENDER, BUYER)
    inbox.to_sender = ""
    smtp_sender(inbox.url)(a_mail(), SENDER, BUYER)
    assert len(inbox.envelopes) == 1


def test_a_wrong_password_lets_the_mail_wait(guarded_inbox: KeptMail) -> None:
    url = guarded_inbox.url.replace("smtp://", "smtp://kim:{}@")
    with pytest.raises(MailNotTaken) as failure:
        smtp_sender(url.format("secretive"))(a_mail(), SENDER, BUYER)
    assert "535" in str(failure.value)
    assert "secretive" not in str(failure.value)
    smtp_sender(url.format("p%40ss%2Fword%3A1"))(a_mail(), SENDER, BUYER)
    assert len(guarded_inbox.envelopes) == 1


def test_a_forgotten_password_lets_the_mail_wait(guarded_inbox: KeptMail) -> None:
    with pytest.raises(MailNotTaken):
        smtp_sender(guarded_inbox.url)(a_mail(), SENDER, BUYER)


def test_a_server_that_is_not_there_lets_the_mail_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(MailNotTaken, match="ConnectionRefusedError"):
        smtp_sender(f"smtp://127.0.0.1:{port}")(a_mail(), SENDER, BUYER)


@pytest.mark.parametrize("greeting", [b"", b"554 not today\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_server_that_greets_oddly_lets_the_mail_wait(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=greet_once, args=(listening, greeting))
        thread.start()
        with pytest.raises(MailNotTaken):
            smtp_sender(f"smtp://127.0.0.1:{listening.getsockname()[1]}")(a_mail(), SENDER, BUYER)
        thread.join()


def greet_once(listening: socket.socket, greeting: bytes) -> None:
    """Say one thing and hang up."""
    caller, _ = listening.accept()
    with caller:
        caller.sendall(greeting)
        caller.shutdown(socket.SHUT_WR)
        while caller.recv(4096):
            pass


def test_a_server_without_tls_gets_no_mail_that_asks_for_it(inbox: KeptMail) -> None:
    with pytest.raises(MailNotTaken):
        smtp_sender(f"{inbox.url}?starttls=1")(a_mail(), SENDER, BUYER)
    assert inbox.envelopes == []


@pytest.mark.parametrize("recipient", ["jörg@example.com", "joerg@müller.example"])
def test_an_address_a_server_cannot_be_told_fails_for_good(inbox: KeptMail, recipient: str) -> None:
    with pytest.raises(MailRefused):
        smtp_sender(inbox.url)(a_mail(), SENDER, recipient)


def test_without_a_server_every_mail_waits() -> None:
    with pytest.raises(MailNotTaken, match="SMTP_URL is not set"):
        smtp_sender("")(a_mail(), SENDER, BUYER)


def test_an_answer_as_long_as_a_book_is_kept_short(inbox: KeptMail) -> None:
    inbox.answers = ["550 " + "no " * 150]
    with pytest.raises(MailRefused) as failure:
        smtp_sender(inbox.url)(a_mail(), SENDER, BUYER)
    assert len(str(failure.value)) <= 500


@pytest.mark.parametrize(
    ("place", "answer", "is_told"),
    [
        ("to_sender", "550 we do not relay", False),
        ("to_recipient", "451 greylisted", False),
        ("to_recipient", "550 no such person", False),
        ("", "451 come again", True),
        ("", "", True),
    ],
)
def test_who_sends_is_told_right_before_the_message_goes_out_and_not_earlier(
    inbox: KeptMail, place: str, answer: str, *, is_told: bool
) -> None:
    told: list[int] = []
    if place:
        setattr(inbox, place, answer)
    elif answer:
        inbox.answers = [answer]
    with suppress(MailNotTaken, MailRefused):
        smtp_sender(inbox.url)(a_mail(), SENDER, BUYER, lambda: told.append(len(inbox.envelopes)))
    assert told == ([0] if is_told else [])


@pytest.mark.parametrize(
    ("answer", "is_ours"),
    [("421 closing", True), ("530 sign in", True), ("454 later", True), ("550 not you", False), ("451 wait", False)],
)
def test_a_refused_sender_is_told_apart_from_a_line_that_is_down(
    inbox: KeptMail, answer: str, *, is_ours: bool
) -> None:
    inbox.to_sender = answer
    with pytest.raises(MailNotTaken) as failure:
        smtp_sender(inbox.url)(a_mail(), SENDER, BUYER)
    assert isinstance(failure.value, LineDown) is is_ours


def test_a_sender_that_cannot_be_said_fails_for_good(inbox: KeptMail) -> None:
    with pytest.raises(MailRefused):
        smtp_sender(inbox.url)(a_mail(), "jörg@shop.test", BUYER)
