"""What is said ahead to a server that takes it, and how a line stays usable when the server says no in between."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from reviews_app.mail.refusals import LineDown, MailNotTaken, MailRefused
from reviews_app.mail.sender import smtp_sender
from reviews_app.mail.talk import command

SENDER, BUYER = "reviews@shop.test", "morgan@example.com"
MAIL, RCPT, DATA = b"MAIL", b"RCPT", b"DATA"


@dataclass
class Scripted:
    """Answers as it is told, a list for each verb; the last is said again and again. `heard` has what came in one go,
    `bodies` what came as a message."""

    answers: dict[bytes, list[bytes]]
    pipelines: bool = True
    heard: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            with caller:
                self.talk(caller)

    def talk(self, caller: socket.socket) -> None:
        caller.sendall(b"220 here\r\n")
        while part := caller.recv(65536):
            self.heard.append(part)
            for line in part.splitlines():
                verb = line[:4].upper()
                answer = self.answer(verb)
                caller.sendall(answer + b"\r\n")
                if verb == DATA and answer.startswith(b"354"):
                    self.take(caller)
                if answer.startswith((b"421", b"221")):
                    return

    def answer(self, verb: bytes) -> bytes:
        if verb == b"EHLO":
            return b"250-here\r\n250 PIPELINING" if self.pipelines else b"250 here"
        said = self.answers.get(verb, [b"221 bye" if verb == b"QUIT" else b"250 ok"])
        return said.pop(0) if len(said) > 1 else said[0]

    def take(self, caller: socket.socket) -> None:
        message = b""
        while message != b".\r\n" and not message.endswith(b"\r\n.\r\n"):
            message += caller.recv(65536)
        self.bodies.append(message)
        caller.sendall(b"250 kept\r\n" if message != b".\r\n" else b"554 no recipients\r\n")


@contextmanager
def scripted(*, pipelines: bool = True, **answers: list[bytes]) -> Iterator[Scripted]:
    by_verb = {verb.upper().encode(): [*said] for verb, said in answers.items()}
    server = Scripted({DATA: [b"354 go on"]} | by_verb, pipelines=pipelines)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=server.serve, args=(listening,), daemon=True)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=10)


def said(server: Scripted, place: int) -> list[bytes]:
    """The verbs that came in one go."""
    return [line[:4] for line in server.heard[place].splitlines()]


def test_sender_recipient_and_data_are_said_in_one_go_where_the_server_takes_that() -> None:
    with scripted() as server:
        send = smtp_sender(server.url)
        send(b"Hello\r\n", SENDER, BUYER)
        send.close()
        assert said(server, 1) == [MAIL, RCPT, DATA]
        assert server.bodies == [b"Hello\r\n.\r\n"]


def test_a_server_that_does_not_say_so_hears_one_command_at_a_time() -> None:
    with scripted(pipelines=False) as server:
        send = smtp_sender(server.url)
        send(b"Hello\r\n", SENDER, BUYER)
        send.close()
        assert [said(server, place) for place in (1, 2, 3)] == [[MAIL], [RCPT], [DATA]]


@pytest.mark.parametrize("to_data", [b"354 go on all the same", b"503 no recipient", b"554 no valid recipients"])
@pytest.mark.parametrize(("answer", "kind"), [(b"550 nobody", MailRefused), (b"451 later", MailNotTaken)])
def test_after_a_refused_recipient_the_next_mail_leaves_on_the_same_line_and_nothing_arrives_twice(
    answer: bytes, kind: type[Exception], to_data: bytes
) -> None:
    with scripted(rcpt=[answer, b"250 ok"], data=[to_data, b"354 go on"]) as server:
        send = smtp_sender(server.url)
        with pytest.raises(kind, match=answer.decode()):
            send(b"First\r\n", SENDER, BUYER)
        send(b"Second\r\n", SENDER, BUYER)
        send.close()
        assert [body for body in server.bodies if body != b".\r\n"] == [b"Second\r\n.\r\n"]
        assert sum(part.startswith(b"ehlo") for part in server.heard) == 1


def test_a_refused_senders_words_are_kept_and_the_line_with_them() -> None:
    with scripted(mail=[b"550 who are you", b"250 ok"], rcpt=[b"503 no sender", b"250 ok"]) as server:
        server.answers[DATA] = [b"503 no sender", b"354 go on"]
        send = smtp_sender(server.url)
        with pytest.raises(MailNotTaken, match="550 who are you"):
            send(b"First\r\n", SENDER, BUYER)
        send(b"Second\r\n", SENDER, BUYER)
        send.close()
        assert server.bodies == [b"Second\r\n.\r\n"]


@pytest.mark.parametrize("verb", ["mail", "rcpt", "data"])
def test_a_server_that_closes_in_between_is_quoted(verb: str) -> None:
    with scripted() as server:
        server.answers[verb.upper().encode()] = [b"421 4.3.2 going down"]
        with pytest.raises(MailNotTaken, match=r"421 4\.3\.2 going down") as failure:
            smtp_sender(server.url)(b"First\r\n", SENDER, BUYER)
        assert isinstance(failure.value, LineDown) is (verb == "mail")
        assert server.bodies == []


def test_a_message_of_dots_arrives_as_it_was_written() -> None:
    with scripted() as server:
        send = smtp_sender(server.url)
        send(b".first\r\n.\r\n..\r\nlast.", SENDER, BUYER)
        send.close()
        assert server.bodies == [b"..first\r\n..\r\n...\r\nlast.\r\n.\r\n"]


@pytest.mark.parametrize("address", ["D@\r@\n", ") ,a(A;\nDATA", ">a]D\r", "j\u00f6rg@example.com"])
def test_an_address_that_would_say_more_than_itself_is_not_said(address: str) -> None:
    with pytest.raises(ValueError, match=r"line|ascii"):
        command("RCPT TO", address)


@pytest.mark.parametrize(
    "address", ["a@b.example>\r\nDATA", "a\n@b.example", "Ann <a@b.example>", "", "@", "a b@c.example"]
)
def test_a_command_is_one_line_whatever_the_address(address: str) -> None:
    assert len(command("RCPT TO", address).splitlines()) == 1
