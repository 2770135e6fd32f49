import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.mail.bounce import NoBounce, read_bounce

NOTICE = b"""From: MAILER-DAEMON@mx.example.net
To: bounces+abc-def@shop.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your mail.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; morgan@example.com
Action: %(action)s
Status: %(status)s
Diagnostic-Code: smtp; %(said)s

--b
Content-Type: %(kind)s

Message-ID: <one@shop.test>
From: reviews@shop.test
Subject: How is it?

--b--
"""


def notice(
    action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 no such user", kind: str = ""
) -> bytes:
    values = {"action": action, "status": status, "said": said, "kind": kind or "message/rfc822"}
    return NOTICE % {name.encode(): value.encode() for name, value in values.items()}


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_notice_tells_which_mail_and_why(kind: str) -> None:
    bounce = read_bounce(notice(kind=kind))
    assert bounce.returned_to == ("bounces+abc-def@shop.test",)
    assert (bounce.message_id, bounce.status) == ("<one@shop.test>", "5.1.1")
    assert "no such user" in bounce.detail
    assert not bounce.is_complaint


def test_the_servers_own_words_say_more_than_the_general_status() -> None:
    assert read_bounce(notice(status="5.0.0", said="552 5.2.2 mailbox full")).status == "5.2.2"
    assert read_bounce(notice(status="5.0.0", said="550 rejected")).status == "5.0.0"


@pytest.mark.parametrize(
    "raw",
    [
        notice(action="delayed", status="4.4.1"),
        notice(action="relayed"),
        b"From: morgan@example.com\nSubject: I am away\nAuto-Submitted: auto-replied\n\nUntil Monday.\n",
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: message/delivery-status\n\nAction failed",
        b"Content-Type: multipart/report; boundary=\n\n--\n",
    ],
)
def test_anything_else_is_no_bounce(raw: bytes) -> None:
    with pytest.raises(NoBounce):
        read_bounce(raw)


def test_a_feedback_report_is_a_complaint() -> None:
    raw = notice().replace(b"message/delivery-status", b"message/feedback-report")
    bounce = read_bounce(raw)
    assert bounce.is_complaint
    assert bounce.message_id == "<one@shop.test>"


def addressed(to: bytes) -> bytes:
    return notice().replace(b"To: bounces+abc-def@shop.test", b"To: " + to, 1)


@pytest.mark.parametrize(
    "to", [b'"', b"<", b"*=\xff", b". <\\%:=,=?@", b"x: *==?utf-8?q?;[>%\\", b"a@[", b"(((", b"@", b";" * 50]
)
def test_an_address_nobody_can_read_hides_no_failure(to: bytes) -> None:
    bounce = read_bounce(addressed(to))
    assert (bounce.message_id, bounce.status) == ("<one@shop.test>", "5.1.1")


def test_every_address_the_notice_was_sent_to_is_told_the_envelopes_first() -> None:
    raw = notice().replace(b"To: bounces", b"Delivered-To: two@shop.test\nEnvelope-To: one@shop.test\nTo: bounces", 1)
    assert read_bounce(raw).returned_to == ("one@shop.test", "two@shop.test", "bounces+abc-def@shop.test")


def test_a_folded_head_is_one_line() -> None:
    raw = addressed(b"bounces+abc-def@shop.test,\n\t<other@shop.test>").replace(b"550 5.1.1 no", b"550 5.1.1\n  no")
    bounce = read_bounce(raw)
    assert bounce.returned_to == ("bounces+abc-def@shop.test, <other@shop.test>",)
    assert bounce.detail == "smtp; 550 5.1.1 no such user"


def test_a_notice_about_two_addresses_is_about_the_one_that_failed() -> None:
    late = b"\nFinal-Recipient: rfc822; robin@example.com\nAction: delayed\nStatus: 4.4.1\n"
    raw = notice().replace(b"\nFinal-Recipient", late + b"\nFinal-Recipient", 1)
    assert read_bounce(raw).status == "5.1.1"


@pytest.mark.parametrize("action", ["failed", "FAILED", " Failed "])
def test_failed_is_failed_in_any_capitals(action: str) -> None:
    assert read_bounce(notice(action=action)).status == "5.1.1"


def test_a_servers_speech_is_kept_short() -> None:
    assert len(read_bounce(notice(said="550 5.1.1 " + "no " * 5000)).detail) == 300


def test_without_any_words_the_status_is_enough() -> None:
    raw = notice().replace(b"Diagnostic-Code: smtp; 550 5.1.1 no such user\n", b"")
    bounce = read_bounce(raw)
    assert (bounce.status, bounce.detail) == ("5.1.1", "")


def test_a_notice_that_returns_nothing_of_the_mail_names_no_mail() -> None:
    raw = notice().partition(b"--b\nContent-Type: message/rfc822")[0] + b"--b--\n"
    assert read_bounce(raw).message_id == ""


def test_the_id_of_the_notice_itself_is_not_the_mails() -> None:
    raw = notice().replace(b"Subject: Undelivered", b"Message-ID: <notice@mx.example.net>\nSubject: Undelivered", 1)
    assert read_bounce(raw).message_id == "<one@shop.test>"


PIECES = st.sampled_from(
    [b'"', b"<", b">", b"@", b"(", b",", b";", b":", b"[", b"\\", b"=?utf-8?q?", b"?=", b"\xff", b"\n "]
)


@settings(deadline=None, max_examples=60)
@given(pieces=st.lists(PIECES | st.binary(max_size=3), max_size=10), place=st.integers(0, 600))
def test_a_notice_a_stranger_wrote_is_read_or_is_none(pieces: list[bytes], place: int) -> None:
    raw = notice()
    for hostile in (addressed(b"".join(pieces)), raw[:place] + b"".join(pieces) + raw[place:]):
        try:
            bounce = read_bounce(hostile)
        except NoBounce:
            continue
        assert "\n" not in "".join((*bounce.returned_to, bounce.message_id, bounce.status, bounce.detail))
