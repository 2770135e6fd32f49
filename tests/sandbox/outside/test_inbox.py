from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.sandbox.outside.running import BROWSER, RunningOutside, running_outside

HTML = """<html><head><title>x</title></head><body><h1>How is your Ridge Daypack?</h1>
<a href="http://shop.test/r/abc?rating=4" aria-label="4 stars, Good">★4</a>
<a href="http://shop.test/r/abc?rating=4"><img alt=""></a>
<a href="javascript:alert(1)">no</a>
<a href="http://shop.test/unsubscribe">Unsubscribe <b>now</b></a></body></html>"""


def message(*, html: str = HTML) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "How is your Ridge Daypack working out? ☔"
    mail["From"] = "Demo <shop@example.com>"
    mail["To"] = "mo@example.com"
    mail["List-Unsubscribe"] = "<http://shop.test/unsubscribe>"
    mail.set_content("Tap a star: http://shop.test/r/abc")
    mail.add_alternative(html, subtype="html")
    return mail


def test_a_mail_is_kept_with_headers_recipients_text_and_html(outside: RunningOutside) -> None:
    outside.mail(message())
    (kept,) = outside.messages()
    assert kept["recipients"] == ["mo@example.com"]
    assert kept["headers"]["List-Unsubscribe"] == "<http://shop.test/unsubscribe>"
    assert kept["subject"] == kept["headers"]["Subject"] == "How is your Ridge Daypack working out? ☔"
    assert "http://shop.test/r/abc" in kept["text"]
    assert "<h1>How is your Ridge Daypack?</h1>" in kept["html"]


def test_mails_stand_oldest_first_and_survive_a_restart(tmp_path: Path) -> None:
    with running_outside(tmp_path) as before:
        before.mail(message(), to="first@example.com")
        before.mail(message(), to="second@example.com")
    with running_outside(tmp_path) as after:
        assert [mail["recipients"] for mail in after.messages()] == [["first@example.com"], ["second@example.com"]]


def test_the_inbox_lists_the_newest_first(outside: RunningOutside) -> None:
    outside.mail(message(), to="first@example.com")
    outside.mail(message(), to="second@example.com")
    page = outside.get("/mail").text
    assert page.index("second@example.com") < page.index("first@example.com")


def test_a_mails_page_frames_it_and_lists_its_links(outside: RunningOutside) -> None:
    outside.mail(message())
    page = outside.get("/mail/1").text
    assert '<iframe class="mail-itself" src="/mail/1.html"' in page
    assert 'href="http://shop.test/r/abc?rating=4">4 stars, Good</a>' in page
    assert ">Unsubscribe now</a>" in page
    assert "javascript:" not in page
    assert page.count("rating=4") == 1


def test_the_mail_itself_is_locked_in(outside: RunningOutside) -> None:
    outside.mail(message(html="<p><script>alert(1)</script>hello</p>"))
    answer = outside.get("/mail/1.html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.text.startswith('<base target="_blank">')


def test_a_subject_with_markup_stays_text(outside: RunningOutside) -> None:
    mail = message()
    mail.replace_header("Subject", "<script>alert(1)</script>")
    outside.mail(mail)
    assert "<script>alert" not in outside.get("/mail").text + outside.get("/mail/1").text


@pytest.mark.parametrize(
    "content",
    [
        b"no headers at all",
        b"Subject: x\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nhello \xff",
        b"Subject: \xff\xfe\r\nContent-Type: multipart/alternative\r\n\r\nbroken",
        b"Subject: =?utf-8?q?half=ED=A0?=\r\n\r\nhello",
        b"X-A: 1\r\nX-A: 2\r\n\r\n",
        b"",
        b'To: "\r\nCc: <\r\nSubject: x\r\n\r\nhello',
    ],
)
def test_a_broken_mail_is_kept_all_the_same(outside: RunningOutside, content: bytes) -> None:
    outside.mail(content)
    assert len(outside.messages()) == 1
    assert outside.get("/mail").status_code == 200
    assert outside.get("/mail/1").status_code == 200
    assert outside.get("/mail/1.html").status_code == 200


def test_an_attachment_is_named(outside: RunningOutside) -> None:
    mail = message()
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="invoice.pdf")
    outside.mail(mail)
    assert outside.messages()[0]["attachments"] == ["invoice.pdf"]


def test_a_mail_that_never_came_is_not_found(outside: RunningOutside) -> None:
    assert outside.get("/mail/1").status_code == 404
    assert outside.get("/mail/0.html").status_code == 404
    page = outside.get("/mail/1", Accept=BROWSER)
    assert page.status_code == 404
    assert "<h1>Not Found</h1>" in page.text
