from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews_app.lib.ids import new_id
from reviews_app.mail.message import LONGEST_HEADER, AddressRefused, Content, Envelope, compose, one_line
from tests.fakes.clock import START, FakeClock

# Texts that look like encoded words, in both encodings, with line breaks and whole headers inside.
FORGED = st.sampled_from(
    [
        "=?utf-8?q?x=0D=0ABcc:_all@example.com?=",
        "=?utf-8?b?eA0KQmNjOiBhbGxAZXhhbXBsZS5jb20=?=",
        "=?us-ascii?Q?a=0ASubject:_other?=",
        "=?=?utf-8?q?=0A?=?=",
        "\r\nBcc: all@example.com",
        "\nX: y",
        "\x00",
        "\u2028",
        "\u0085",
        "\x0b\x0c\x1c\x1d\x1e",
        "=?utf-8?q?=0D?=",
        "<a@b.test>, <c@d.test>",
        '";, <x@y.test>',
        "\\",
    ]
)
HOSTILE = st.lists(st.one_of(FORGED, st.text(max_size=20)), max_size=5).map("".join)


def a_mail(
    subject: str = "Hello", *, name: str = "Larkspur", recipient: str = "morgan@example.com", reply_to: str = ""
) -> EmailMessage:
    envelope = Envelope(sender="reviews@shop.test", sender_name=name, recipient=recipient, reply_to=reply_to)
    return compose(envelope, Content(subject, "text", "<p>html</p>"), clock=FakeClock(), make_id=new_id)


def header_names(raw: bytes) -> list[str]:
    """What a strict reader finds above the first empty line."""
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    return [line.partition(":")[0] for line in head.split("\r\n") if line[:1] not in {" ", "\t"}]


@given(HOSTILE, HOSTILE)
def test_no_text_becomes_a_header_of_its_own(name: str, subject: str) -> None:
    raw = a_mail(subject, name=name).as_bytes(policy=SMTP)
    assert header_names(raw) == header_names(a_mail().as_bytes(policy=SMTP))
    read = message_from_bytes(raw, policy=default)
    assert [one.addr_spec for one in read["From"].addresses] == ["reviews@shop.test"]
    assert [one.addr_spec for one in read["To"].addresses] == ["morgan@example.com"]
    assert read["Bcc"] is None


@given(HOSTILE)
def test_a_header_is_one_line_of_at_most_200_letters(text: str) -> None:
    line = one_line(text)
    assert len(line) <= LONGEST_HEADER
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


@given(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=60))
def test_an_honest_subject_in_any_script_is_read_letter_for_letter(subject: str) -> None:
    read = message_from_bytes(a_mail(subject).as_bytes(policy=SMTP), policy=default)
    assert str(read["Subject"]) == subject


@pytest.mark.parametrize("name", ["Møller & Söhne", "Larkspur, Inc.", 'The "Shop"', "店", "متجر", "a@b.example"])
def test_a_stores_name_is_read_as_the_sender(name: str) -> None:
    read = message_from_bytes(a_mail(name=name).as_bytes(policy=SMTP), policy=default)
    assert read["From"].addresses[0].display_name == name


def test_the_date_is_the_clocks_and_every_mail_has_an_id_of_its_own() -> None:
    one, other = a_mail(), a_mail()
    assert one["Date"].datetime == START
    assert one["Message-ID"] != other["Message-ID"]
    assert one["Auto-Submitted"] == "auto-generated"
    assert one["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("given_address", "to"),
    [
        ("morgan@example.com", "morgan@example.com"),
        (" morgan@example.com ", "morgan@example.com"),
        ("o'neil+shop@example.com", "o'neil+shop@example.com"),
        ("joerg@müller.example", "joerg@xn--mller-kva.example"),
        ("joerg@faß.example", "joerg@xn--fa-hia.example"),
        ("u@例え.jp", "u@xn--r8jz45g.jp"),
        ('"a b"@example.com', '"a b"@example.com'),
    ],
)
def test_an_address_is_written_as_servers_take_it(given_address: str, to: str) -> None:
    raw = a_mail(recipient=given_address, reply_to=given_address).as_bytes(policy=SMTP).decode("ascii")
    assert f"\r\nTo: {to}\r\n" in raw
    assert f"\r\nReply-To: {to}\r\n" in raw


@pytest.mark.parametrize(
    "no_address",
    [
        "",
        " ",
        "morgan",
        "morgan@",
        "a b@example.com",
        "a@example.com, b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "Help <help@example.com>",
        "jörg@example.com",
        "a@b@example.com",
        "@example.com",
    ],
)
def test_what_is_no_address_is_refused_by_name(no_address: str) -> None:
    with pytest.raises(AddressRefused):
        a_mail(recipient=no_address)
    if no_address:
        with pytest.raises(AddressRefused):
            a_mail(reply_to=no_address)


def test_every_byte_of_a_mail_is_ascii_and_no_line_too_long() -> None:
    envelope = Envelope(sender="reviews@shop.test", sender_name="ü" * 300, recipient="morgan@example.com")
    content = Content("評" * 400, "ö" * 5000, "<p>" + "é" * 5000 + "</p>")
    raw = compose(envelope, content, clock=FakeClock(), make_id=new_id).as_bytes(policy=SMTP)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "name", ["x <a@b.test>, " * 8, "Söhne <a@b.test>; AG", '"' * 60 + ", a@b.test", "評, a@b.test"]
)
def test_a_name_of_any_length_never_becomes_an_address(name: str) -> None:
    read = message_from_bytes(a_mail(name=name).as_bytes(policy=SMTP), policy=default)
    assert [one.addr_spec for one in read["From"].addresses] == ["reviews@shop.test"]
