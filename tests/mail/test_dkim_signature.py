import re
from email import message_from_bytes
from email.policy import SMTP, default
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from reviews_app.lib.ids import new_id
from reviews_app.mail.dkim_signature import DkimKey, public_record, signed
from reviews_app.mail.message import Content, Envelope, compose
from tests.fakes.clock import FakeClock


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> DkimKey:
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return DkimKey("reviews", file)


def a_mail(*, unsubscribe: str = "https://shop.test/r/t/unsubscribe") -> bytes:
    envelope = Envelope(
        sender="reviews@shop.test",
        sender_name="Lärkspur",
        recipient="morgan@example.com",
        reply_to="help@shop.test",
        unsubscribe_url=unsubscribe,
    )
    content = Content("Wie läuft's?", "Ein Text mit Ümlaut\n.\n" * 20, "<p>Ümlaut</p>")
    return compose(envelope, content, clock=FakeClock(), make_id=new_id).as_bytes(policy=SMTP)


def verifies(message: bytes, key: DkimKey) -> bool:
    assert key.file is not None
    record = public_record(key.file).encode()
    asked: list[bytes] = []

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    is_good: bool = dkim.verify(message, dnsfunc=look_up)
    assert asked == [b"reviews._domainkey.shop.test."]
    return is_good


def test_a_signed_mail_verifies_with_both_unsubscribe_headers_inside(key: DkimKey) -> None:
    message = signed(a_mail(), domain="shop.test", key=key)
    assert verifies(message, key)
    signature = str(message_from_bytes(message, policy=default)["DKIM-Signature"])
    names = re.search(r"h=([^;]*);", signature)
    assert names is not None
    inside = {name.strip().lower() for name in names.group(1).split(":")}
    assert {"from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"} <= inside


@pytest.mark.parametrize(
    ("part", "forged"),
    [
        (b"List-Unsubscribe: <https://shop.test", b"List-Unsubscribe: <https://evil.test"),
        (b"To: morgan@", b"To: mallory@"),
        (b"=C3=9Cmlaut", b"=C3=84mlaut"),
    ],
)
def test_a_changed_mail_does_not_verify(key: DkimKey, part: bytes, forged: bytes) -> None:
    message = signed(a_mail(), domain="shop.test", key=key)
    assert part in message
    assert not verifies(message.replace(part, forged, 1), key)


def test_a_mail_without_those_headers_is_signed_too(key: DkimKey) -> None:
    assert verifies(signed(a_mail(unsubscribe=""), domain="shop.test", key=key), key)


def test_without_a_key_a_mail_stays_as_it_is(tmp_path: Path) -> None:
    mail = a_mail()
    for none in (DkimKey("", None), DkimKey("reviews", None), DkimKey("", tmp_path / "key.pem")):
        assert signed(mail, domain="shop.test", key=none) == mail
