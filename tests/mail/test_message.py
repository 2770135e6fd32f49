from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews_app.lib.ids import new_id
from reviews_app.mail.message import AddressRefused, Content, Envelope, compose, one_line
from tests.fakes.clock import FakeClock

ENVELOPE = Envelope(sender="reviews@shop.test", sender_name="Larkspur", recipient="morgan@example.com")


def test_a_mail_has_both_parts_and_an_id_of_the_senders_host() -> None:
    message = compose(ENVELOPE, Content("Hello", "text", "<p>html</p>"), clock=FakeClock(), make_id=new_id)
    assert message["Message-ID"].endswith("@shop.test>")
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content() == "text\n"
    assert html.get_content() == "<p>html</p>\n"


def test_international_hosts_are_written_as_servers_know_them_wherever_one_stands() -> None:
    envelope = Envelope("shop@bücher.example", "Bücher", "morgan@käse.example", reply_to="help@bücher.example")
    message = compose(envelope, Content("Hello", "text", "<p>html</p>"), clock=FakeClock(), make_id=new_id)
    read = message_from_bytes(message.as_bytes(), policy=default)
    written = [read[name].addresses[0].addr_spec for name in ("From", "To", "Reply-To")]
    assert written == ["shop@xn--bcher-kva.example", "morgan@xn--kse-qla.example", "help@xn--bcher-kva.example"]
    assert read["From"].addresses[0].display_name == "Bücher"
    assert read["Message-ID"].endswith("@xn--bcher-kva.example>")


@pytest.mark.parametrize("sender", ["", "shop@", "jörg@example.com", "two@example.com, more@example.com"])
def test_a_sender_that_no_server_knows_is_refused(sender: str) -> None:
    envelope = Envelope(sender=sender, sender_name="Larkspur", recipient="morgan@example.com")
    with pytest.raises(AddressRefused):
        compose(envelope, Content("Hello", "text", "html"), clock=FakeClock(), make_id=new_id)


def test_one_click_unsubscribe_has_its_two_headers() -> None:
    envelope = Envelope(
        sender="reviews@shop.test",
        sender_name="Larkspur",
        recipient="morgan@example.com",
        unsubscribe_url="https://shop.test/r/abc/unsubscribe",
    )
    message = compose(envelope, Content("Hello", "text", "<p>html</p>"), clock=FakeClock(), make_id=new_id)
    assert message["List-Unsubscribe"] == "<https://shop.test/r/abc/unsubscribe>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@settings(deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_no_name_or_subject_adds_a_header_or_a_recipient(name: str, subject: str) -> None:
    envelope = Envelope(sender="reviews@shop.test", sender_name=name, recipient="morgan@example.com")
    message = compose(envelope, Content(subject, "text", "html"), clock=FakeClock(), make_id=new_id)
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert sorted(read.keys()) == sorted(message.keys())
    assert [address.addr_spec for address in read["To"].addresses] == ["morgan@example.com"]
    assert [address.addr_spec for address in read["From"].addresses] == ["reviews@shop.test"]


def test_a_line_break_in_a_subject_becomes_a_blank() -> None:
    assert one_line("How is it?\r\nBcc: all@example.com\u2028x") == "How is it? Bcc: all@example.com x"
