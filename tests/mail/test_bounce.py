import pytest

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
