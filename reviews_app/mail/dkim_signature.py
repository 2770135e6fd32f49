"""DKIM (RFC 6376): signs a finished mail with the installation's key, both unsubscribe headers inside (RFC 8058)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

try:
    import dkim
except ImportError:  # the extra "dkim" is not installed
    dkim = None

SIGNED = (
    b"From",
    b"To",
    b"Reply-To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"MIME-Version",
    b"Content-Type",
    b"List-Unsubscribe",
    b"List-Unsubscribe-Post",
)


class DkimMissing(Exception):
    """A key is set and the library that signs with it is not installed."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """The selector and the private key's file; both empty: nothing is signed here."""

    selector: str
    file: Path | None


def signed(message: bytes, *, domain: str, key: DkimKey) -> bytes:
    """The message with its signature before it, or as it is without a key. Raises DkimMissing."""
    if not key.selector or key.file is None:
        return message
    if dkim is None:
        raise DkimMissing("DKIM_KEY_FILE is set, but dkimpy is not installed: see requirements/extras.txt.")
    headers = message.partition(b"\r\n\r\n")[0].lower()
    present = [name for name in SIGNED if b"\n" + name.lower() + b":" in b"\n" + headers]
    signature: bytes = dkim.sign(
        message, key.selector.encode(), domain.encode(), _read(key.file), include_headers=present
    )
    return signature + message


@cache
def public_record(file: Path) -> str:
    """What the domain's DNS must say for the key: `v=DKIM1; k=rsa; p=...`."""
    public = load_pem_private_key(_read(file), password=None).public_key()
    lines = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode().splitlines()
    return f"v=DKIM1; k=rsa; p={''.join(lines[1:-1])}"


@cache
def _read(file: Path) -> bytes:
    return file.read_bytes()
